import type { LabelSource } from '@life-os/contract'
import { sourceWords } from '../../labels/index.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope } from '../types.ts'

/** The code of what a run turns into a question: private data would have left. Nothing happened. */
export const PRIVATE_NOT_ALLOWED = 'private-not-allowed'

const isPrivate = (scope: CallScope): boolean => (scope.seen?.current ?? scope.labels).includes('private')

/**
 * Private data goes only to a `host:port` that a person named for it. Looked at when the request is made, with all that
 * the call and its plugin's process have read by then; to be called before the name of the host is resolved, for that
 * alone could carry it. Error: `private-not-allowed`.
 */
export function checkPrivateHost(scope: CallScope, host: string, port: string): void {
  const place = `${host}:${port}`
  if (!isPrivate(scope) || scope.privateTo?.includes(place)) return
  throw privateFault(place, `net:${place}`, scope.seen?.explained ?? [])
}

export function privateFault(place: string, permission: string, sources: readonly LabelSource[]): Error {
  const from = sourceWords(sources, 'private')
  return fault(
    PRIVATE_NOT_ALLOWED,
    `Private data${from === '' ? '' : ` (from ${from})`} would go to ${place}, which nobody has allowed by that very name.`,
    { details: { permission, place, from: sources.filter((source) => source.label === 'private').map((source) => source.from) } },
  )
}
