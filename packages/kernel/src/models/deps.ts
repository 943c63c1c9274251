import type { Events } from '../events/index.ts'
import type { Redactor, Secrets } from '../secrets/index.ts'
import type { Store, StoreLogger } from '../store/index.ts'
import type { CreateProvider } from './providers/types.ts'

/** Where servers of models are looked for on this machine; null: not at all. */
export interface LocalPlaces {
  ollama: string | null
  lmStudio: string | null
}

export interface ModelsDeps {
  store: Pick<Store, 'db' | 'blobs' | 'audit'>
  events: Pick<Events, 'publish' | 'subscribe'>
  /** Keys of providers, opened for their place at the last hop. */
  secrets: Pick<Secrets, 'use'>
  clock: { now(): number }
  newId(): string
  logger: StoreLogger
  /** Knows what no prompt may hold. */
  redactor?: Pick<Redactor, 'value'>
  /** Default: clients of the AI SDK, loaded at the first use. */
  createProvider?: CreateProvider
  /** Default: the usual ports of this machine. */
  places?: LocalPlaces
  /** Bytes. Default: what the system tells. */
  memory?(): { total: number; free: number }
  /** Bytes free where models are kept; null where nobody can tell. */
  room?(): Promise<number | null>
  /** Milliseconds; for tests. */
  pauses?: Partial<Pauses>
}

export interface Pauses {
  /** Before the first repetition; doubled for the next. */
  retry: number
  /** The longest that a provider's own `Retry-After` is waited for; beyond it the next model is asked. */
  patience: number
  /** How long a provider rests after failing again and again. */
  rest: number
}
export const PAUSES: Pauses = { retry: 400, patience: 15_000, rest: 30_000 }
