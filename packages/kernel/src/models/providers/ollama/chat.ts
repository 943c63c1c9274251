// Ollama's native API: https://github.com/ollama/ollama/blob/main/docs/api.md
import { toolNames } from '../names.ts'
import { readyMessages } from '../parts.ts'
import type { ReadyMessage, ReadyPart } from '../parts.ts'
import type { Piece } from '../pieces.ts'
import type { ProviderAnswer, ProviderRequest } from '../types.ts'
import { tokensIn } from '../usage.ts'
import { codeOfKind, fault } from '../wire/faults.ts'
import type { Transport } from '../wire/transport.ts'
import { field, fields, numberIn, textIn } from '../wire/json.ts'
import { jsonLines } from './lines.ts'

/** Answers of /api/chat as they come. `context`: the most the model takes in, where known. */
export async function* chat(
  transport: Transport,
  base: string,
  request: ProviderRequest,
  signal: AbortSignal,
  context: number | null,
): AsyncGenerator<Piece> {
  const body = await chatBody(request, context, transport.speaker)
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal }
  const response = await transport.fetch(`${base}/api/chat`, init)
  let calls = 0
  for await (const note of jsonLines(response, transport.speaker)) {
    const failed = field(note, 'error')
    if (failed !== undefined) throw streamFault(String(failed), transport)
    const message = field(note, 'message')
    const thought = textIn(message, 'thinking')
    if (thought !== '') yield { type: 'reasoning', text: thought }
    const text = textIn(message, 'content')
    if (text !== '') yield { type: 'text', text }
    for (const call of fields(message, 'tool_calls')) {
      const name = textIn(field(call, 'function'), 'name')
      yield { type: 'call', id: textIn(call, 'id') || `call-${calls}`, name, input: field(field(call, 'function'), 'arguments') ?? {} }
      calls++
    }
    if (field(note, 'done') === true) yield ending(note)
  }
}

function streamFault(said: string, { speaker }: Transport): Error {
  return fault(codeOfKind(said), { ...speaker, key: undefined }, { said, begun: true })
}

function ending(note: unknown): Piece {
  const reason: ProviderAnswer['finish'] = textIn(note, 'done_reason') === 'length' ? 'length' : 'stop'
  const input = numberIn(note, 'prompt_eval_count')
  const output = numberIn(note, 'eval_count')
  // Absent where the whole prompt was cached: then it is estimated.
  return { type: 'finish', reason, usage: { ...(input !== null && { input }), ...(output !== null && { output }) } }
}

async function chatBody(request: ProviderRequest, context: number | null, speaker: Transport['speaker']): Promise<object> {
  const { encode } = toolNames([])
  const tools = request.tools.map((tool) => ({
    type: 'function',
    function: { name: encode(tool.id), description: tool.description, parameters: tool.input },
  }))
  const messages = (await readyMessages(request)).flatMap((message) => chatMessages(message, speaker))
  const options = {
    num_predict: request.maxTokens,
    num_ctx: contextFor(tokensIn(request) + request.maxTokens, context),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.seed !== undefined && { seed: request.seed }),
  }
  return {
    model: request.name,
    messages,
    stream: true,
    options,
    // Ollama has no choice of tools: `none` leaves them out, `required` cannot be forced.
    ...(tools.length > 0 && request.toolChoice !== 'none' && { tools }),
    ...(request.schema !== undefined && { format: request.schema }),
  }
}

const SMALLEST_CONTEXT = 8192
/**
 * Ollama cuts a prompt silently at its default of some thousand tokens, so the size is always said. Powers of two, because
 * another size loads the model anew; a fifth more than estimated, because estimates are too small for code.
 */
export function contextFor(tokens: number, most: number | null): number {
  let size = SMALLEST_CONTEXT
  while (size < tokens * 1.2) size *= 2
  return Math.min(size, most ?? size)
}

function chatMessages({ role, parts }: ReadyMessage, speaker: Transport['speaker']): object[] {
  const results = parts.filter((part) => part.type === 'tool-result')
  if (results.length > 0) return results.map((part) => ({ role: 'tool', tool_name: part.name, content: resultText(part) }))
  const images = parts.filter((part) => part.type === 'file').map((part) => image(part, speaker))
  const calls = parts.filter((part) => part.type === 'tool-call').map((part) => ({ function: { name: part.name, arguments: part.input } }))
  const content = parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n')
  return [{ role, content, ...(images.length > 0 && { images }), ...(calls.length > 0 && { tool_calls: calls }) }]
}
function image(part: Extract<ReadyPart, { type: 'file' }>, speaker: Transport['speaker']): string {
  if (part.mime.startsWith('image/')) return Buffer.from(part.bytes).toString('base64')
  throw fault('model-bad-request', { ...speaker, key: undefined }, { said: `it reads pictures and text, and no ${part.mime}` })
}
function resultText(part: Extract<ReadyPart, { type: 'tool-result' }>): string {
  const text = typeof part.output === 'string' ? part.output : (JSON.stringify(part.output) ?? '')
  return part.failed ? `Failed: ${text}` : text
}
