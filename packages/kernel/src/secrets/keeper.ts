import { LifeOsError } from '@life-os/contract'
import { newKey, parseRing, printRing, ringOf } from './key-ring.ts'
import type { KeyPlace, KeyRing } from './key-ring.ts'

/** The ring of this process, read when it is first needed and again after a failure, so that mending it needs no restart. */
export interface Keeper {
  /** Undefined while nothing was ever sealed here. Errors: `secrets-key-exposed`, `secrets-key-broken`, `keychain-unavailable`. */
  known(): Promise<KeyRing | undefined>
  /** Makes the first key where there is none. */
  wanted(): Promise<KeyRing>
  /** A new current key beside the old ones, durable when it resolves. */
  begin(): Promise<KeyRing>
  /** Lets the old keys go. */
  finish(): Promise<void>
}

export function createKeeper(place: KeyPlace): Keeper {
  let ring: KeyRing | undefined
  const known = async (): Promise<KeyRing | undefined> => {
    if (ring) return ring
    const text = await place.read()
    if (text === undefined) return undefined
    ring = parseRing(text)
    if (ring) return ring
    throw new LifeOsError(
      'secrets-key-broken',
      `${place.title} does not hold Life-OS's keys. Bring it back from a backup, or move it away and set every secret again.`,
      { class: 'operational', applied: 'no' },
    )
  }
  const wanted = async (): Promise<KeyRing> => {
    const present = await known()
    if (present) return present
    const made = ringOf([newKey()])
    if (await place.create(printRing(made))) return (ring = made)
    return wanted() // another was first
  }
  const replace = async (next: KeyRing): Promise<KeyRing> => {
    await place.replace(printRing(next))
    return (ring = next)
  }
  return {
    known,
    wanted,
    begin: async () => replace(ringOf([newKey(), ...(await wanted()).keys])),
    finish: async () => void (await replace(ringOf([(await wanted()).current]))),
  }
}
