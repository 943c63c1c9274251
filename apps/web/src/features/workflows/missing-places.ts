import type { PlanInput } from '@life-os/contract'
import { client, requestError } from '../../lib/api.ts'
import type { Faults, Values } from './inputs.ts'

/**
 * Folders among the inputs that are not there, in words for their field. A plan may be meant to make one, so this asks once and
 * does not refuse; what cannot be looked at is left to the preview.
 */
export async function missingPlaces(inputs: Record<string, PlanInput>, values: Values): Promise<Faults> {
  const places = Object.entries(inputs).flatMap(([name, input]) => {
    const value = values[name]
    return input.type === 'path' && typeof value === 'string' && value.startsWith('/') ? [{ name, path: value }] : []
  })
  const found = await Promise.all(places.map(async ({ name, path }) => ((await isMissing(path)) ? [[name, sentence(path)] as const] : [])))
  return Object.fromEntries(found.flat())
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await client.system.folders({ path })
    return false
  } catch (thrown) {
    return requestError(thrown).code === 'folder-missing'
  }
}

const sentence = (path: string): string => `There is no folder ${path}. Check the name, or press Preview again if a step is to make it.`
