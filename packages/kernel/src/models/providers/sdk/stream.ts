import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { TokenUsage } from '@life-os/contract'
import type { Piece } from '../pieces.ts'
import type { ProviderAnswer } from '../types.ts'
import type { Speaker } from '../wire/faults.ts'
import { fault } from '../wire/faults.ts'
import { sdkFault } from './faults.ts'

/** The parts of the AI SDK's stream that say something, as pieces. The first error ends it. */
export async function* piecesOf(stream: ReadableStream<LanguageModelV4StreamPart>, speaker: Pick<Speaker, 'name'>): AsyncGenerator<Piece> {
  const unread = () => fault('model-invalid', { ...speaker, key: undefined }, { begun: true })
  let begun = false
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        yield { type: 'text', text: part.delta }
        break
      case 'reasoning-delta':
        yield { type: 'reasoning', text: part.delta }
        break
      case 'tool-call':
        yield { type: 'call', id: part.toolCallId, name: part.toolName, input: part.input }
        break
      case 'error':
        throw sdkFault(part.error, speaker, begun)
      case 'finish': {
        const reason = part.finishReason.raw === undefined ? null : REASONS[part.finishReason.unified]
        if (reason === null && !begun) throw unread()
        yield { type: 'finish', reason, usage: usageOf(part.usage) }
        break
      }
      case 'stream-start': // made by the library before anything came
      case 'ping': // a proxy may send these for a model that hangs
        break
      default:
        yield { type: 'sign' }
    }
    begun ||= part.type !== 'stream-start'
  }
  if (!begun) throw unread()
}

const REASONS = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'filter',
  'tool-calls': 'tool-calls',
  error: 'other',
  interrupted: 'other',
  other: 'other',
} as const satisfies Record<string, ProviderAnswer['finish']>

/** Only what was told: a total of 0 on both sides is a server that counts nothing. */
function usageOf({ inputTokens, outputTokens }: LanguageModelV4Usage): Partial<TokenUsage> {
  if (!inputTokens.total && !outputTokens.total) return {}
  return {
    ...(inputTokens.total !== undefined && { input: inputTokens.total }),
    ...(outputTokens.total !== undefined && { output: outputTokens.total }),
    ...(inputTokens.cacheRead !== undefined && { cached: inputTokens.cacheRead }),
    ...(outputTokens.reasoning !== undefined && { reasoning: outputTokens.reasoning }),
  }
}
