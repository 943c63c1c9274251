import { randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'

export interface Key {
  readonly id: string
  readonly bytes: Buffer
}
/** The newest key seals; while a rotation is under way the one before still opens. */
export interface KeyRing {
  readonly current: Key
  readonly keys: readonly Key[]
}

/** Where the ring is kept: a file of the data folder, or the system's keychain. */
export interface KeyPlace {
  /** The stored text, or undefined when there is none yet. Error: `secrets-key-exposed`. */
  read(): Promise<string | undefined>
  /** Stores the first text; undefined when another process was first. Durable before it resolves. */
  create(text: string): Promise<boolean>
  /** Replaces the text whole or not at all. Durable before it resolves. */
  replace(text: string): Promise<void>
  /** For sentences: where a person finds it. */
  readonly title: string
}

const Stored = z.object({
  version: z.literal(1),
  keys: z.array(z.object({ id: z.string().min(1), key: z.string().regex(/^[0-9a-f]{64}$/) })).min(1),
})

export const newKey = (): Key => ({ id: randomUUID(), bytes: randomBytes(32) })

/** Newest first. */
export const ringOf = (keys: readonly [Key, ...Key[]]): KeyRing => ({ current: keys[0], keys })

export function printRing(ring: KeyRing): string {
  return `${JSON.stringify({ version: 1, keys: ring.keys.map(({ id, bytes }) => ({ id, key: bytes.toString('hex') })) })}\n`
}

/** Undefined when the text is no ring: cut off, or written by something else. */
export function parseRing(text: string): KeyRing | undefined {
  try {
    const [first, ...others] = Stored.parse(JSON.parse(text)).keys.map(({ id, key }) => ({ id, bytes: Buffer.from(key, 'hex') }))
    return first && ringOf([first, ...others])
  } catch {
    return undefined
  }
}
