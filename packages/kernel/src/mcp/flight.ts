import type { McpServerConfig } from '@life-os/contract'
import type { McpCall } from './types.ts'

export interface AsksDeps {
  config: McpServerConfig
  /** The one call that is under way; null with none or several, since nobody could tell for which the server asks. */
  inFlight(): Flight | null
  /** It wanted a model and was not allowed one: the next call asks a person first. */
  wantsModel(): void
  note(line: string): void
  /** The protocol of 2026: a call that asks something has ended with that, and is made again as a whole. */
  endsByItself(): boolean
}
export interface Flight {
  call: McpCall
  /** How often each question was asked in this call. */
  asked: Map<string, number>
  /** It asked what nobody has answered: the call ends and its result is not used. */
  asking: boolean
  /** Called when it was told that its question is closed: it ends its call now. */
  closed?(): void
  /** A person allowed `model:text` for this very call before it began. */
  mayAsk: boolean
  reads: boolean
}
