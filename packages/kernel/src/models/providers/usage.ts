import type { TokenUsage } from '@life-os/contract'
import type { Piece } from './pieces.ts'
import type { ProviderRequest } from './types.ts'

const CHARACTERS = 4
const TOKENS_A_FILE = 1_000
const tokensOf = (text: string) => Math.ceil(text.length / CHARACTERS)

/** The provider's own numbers; where it sends none, a token for four characters. */
export function estimateUsage(
  told: Partial<TokenUsage>,
  request: ProviderRequest,
  text: string,
  { calls, thought }: { calls: Extract<Piece, { type: 'call' }>[]; thought: string },
): TokenUsage {
  const said = calls.reduce((sum, call) => sum + tokensOf(JSON.stringify(call.input) ?? ''), tokensOf(text) + tokensOf(thought))
  return {
    input: whole(told.input ?? tokensIn(request)),
    output: whole(told.output ?? said),
    cached: whole(told.cached ?? 0),
    reasoning: whole(told.reasoning ?? (told.output === undefined ? tokensOf(thought) : 0)),
  }
}

/** What a request sends, estimated. */
export function tokensIn(request: Pick<ProviderRequest, 'messages' | 'tools' | 'schema'>): number {
  const parts = request.messages.flatMap((message) => message.content)
  const messages = parts.reduce((sum, part) => sum + (part.type === 'file' ? TOKENS_A_FILE : tokensOf(JSON.stringify(part))), 0)
  return messages + tokensOf(JSON.stringify([request.tools, request.schema ?? null]))
}

/** A server's number may be anything. */
function whole(value: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(Math.round(value), Number.MAX_SAFE_INTEGER) : 0
}
