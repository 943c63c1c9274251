import { LifeOsError } from '@life-os/contract'

/** What a connection ends with when the other side breaks the framing. */
export function frameFault(reason: string): LifeOsError {
  return new LifeOsError('frame-invalid', `The connection was ended: ${reason}.`, { class: 'unexpected', applied: 'unknown' })
}
