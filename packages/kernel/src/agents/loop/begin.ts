import { joinLabels, type Label, type Labels, type ToolDescription } from '@life-os/contract'
import { childPath } from '../../runs/index.ts'
import { chosenTools } from './offered.ts'
import type { Turn } from './types.ts'

/** What a turn rests on beside its input; journaled, so that it goes on with the same after a restart. */
export interface Begun {
  /** UTC milliseconds. */
  at: number
  sentences: string[]
  /** Ids of tools that the model is told of from the start. */
  offered: string[]
  labels: Labels
}

export async function begin({ deps, agent, given, world, frame }: Turn, allowed: ReadonlyMap<string, ToolDescription>): Promise<Begun> {
  const path = childPath(frame.path, 'begin')
  const known = await world.finished(path)
  if (known?.kind === 'value') return known.value as Begun // written below
  const kept = (await deps.preferences?.kept(agent.id)) ?? []
  const labels: Label[] = joinLabels(frame.labels, ...kept.map((one) => one.labels))
  const seeker = { agent: agent.id, run: world.run.id, step: frame.path, labels, signal: frame.signal }
  const begun: Begun = {
    at: deps.clock.now(),
    sentences: kept.map(({ sentence }) => sentence),
    offered: await chosenTools(deps, allowed, given.say, seeker),
    labels,
  }
  await world.finish(path, begun, labels)
  return begun
}
