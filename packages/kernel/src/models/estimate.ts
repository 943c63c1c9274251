import type { Capability, GenerateRequest, Model, ModelPart } from '@life-os/contract'
import { costOf } from './prices.ts'

const BYTES_A_TOKEN = 3 // English has about four, other languages and code fewer
const TOKENS_A_FILE = 2_000
const TOKENS_A_MESSAGE = 8

/** What a request asks of a model beside text. */
export function capabilitiesOf(request: Pick<GenerateRequest, 'messages' | 'tools' | 'toolChoice' | 'schema'>): Capability[] {
  const files = request.messages.some(({ content }) => content.some((part) => part.type === 'file' && !part.mime.startsWith('text/')))
  return [
    'text',
    ...(files ? (['vision'] as const) : []),
    ...(request.tools.length > 0 && request.toolChoice !== 'none' ? (['tools'] as const) : []),
    ...(request.schema ? (['structured'] as const) : []),
  ]
}

/** Tokens that a request sends, from its bytes; rather too many than too few. */
export function inputTokens(request: Pick<GenerateRequest, 'messages' | 'tools' | 'schema'>): number {
  const messages = request.messages.reduce(
    (sum, { content }) => sum + TOKENS_A_MESSAGE + content.reduce((all, part) => all + tokensOfPart(part), 0),
    0,
  )
  const tools = request.tools.length > 0 ? textTokens(JSON.stringify(request.tools)) : 0
  return messages + tools + (request.schema ? textTokens(JSON.stringify(request.schema)) : 0)
}

function tokensOfPart(part: ModelPart): number {
  switch (part.type) {
    case 'text':
      return textTokens(part.text)
    case 'file':
      return TOKENS_A_FILE
    case 'tool-call':
      return textTokens(JSON.stringify(part.input) ?? '') + TOKENS_A_MESSAGE
    case 'tool-result':
      return textTokens(JSON.stringify(part.output) ?? '') + TOKENS_A_MESSAGE
  }
}

export const textTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN)

/** The most that a request may cost: all it sends, and as long an answer as it allows. Tokens, micro-units. */
export function worstOf(request: GenerateRequest, model: Pick<Model, 'price'>): { tokens: number; micros: number } {
  const input = inputTokens(request)
  return { tokens: input + request.maxTokens, micros: costOf(model.price, { input, output: request.maxTokens, cached: 0 }) }
}

export function worstOfTexts(texts: readonly string[], model: Pick<Model, 'price'>): { tokens: number; micros: number } {
  const input = texts.reduce((sum, text) => sum + textTokens(text), 0)
  return { tokens: input, micros: costOf(model.price, { input, output: 0, cached: 0 }) }
}
