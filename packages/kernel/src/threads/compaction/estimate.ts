import type { ModelMessage } from '@life-os/contract'

const BYTES_A_TOKEN = 4
const TOKENS_A_MESSAGE = 4
const TOKENS_A_PICTURE = 1_000

/** Tokens of messages, estimated: no tokenizer is the same for two models. */
export function tokensOf(messages: readonly ModelMessage[]): number {
  const parts = messages.flatMap(({ content }) => content)
  return parts.reduce(
    (sum, part) => sum + (part.type === 'text' ? Math.ceil(Buffer.byteLength(part.text) / BYTES_A_TOKEN) : TOKENS_A_PICTURE),
    messages.length * TOKENS_A_MESSAGE,
  )
}
