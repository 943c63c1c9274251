import type { TokenUsage } from '@life-os/contract'
import type { ProviderAnswer } from './types.ts'

/** What comes from a provider, the same for every format. */
export type Piece =
  | { type: 'text'; text: string }
  /** It goes on, with nothing to hand on yet. */
  | { type: 'sign' }
  /** Thinking is not handed on; it counts as a sign of life. */
  | { type: 'reasoning'; text: string }
  /** `input`: JSON as text, or the value itself. */
  | { type: 'call'; id: string; name: string; input: unknown }
  /** Null: the stream ended without saying why, so it was cut off. Usage: only what the provider tells. */
  | { type: 'finish'; reason: ProviderAnswer['finish'] | null; usage: Partial<TokenUsage> }
