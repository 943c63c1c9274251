import type { TokenUsage } from '@life-os/contract'
import { wellFormed } from '../../schemas/index.ts'
import { createHold } from './mend/hold.ts'
import type { Hold } from './mend/hold.ts'
import { readArguments, readJson } from './mend/read-json.ts'
import { callsInText } from './mend/text-calls.ts'
import { toolNames } from './names.ts'
import type { ToolNames } from './names.ts'
import type { Piece } from './pieces.ts'
import type { ProviderAnswer, ProviderOptions, ProviderRequest } from './types.ts'
import { estimateUsage } from './usage.ts'
import { fault } from './wire/faults.ts'

export interface GatherOptions extends ProviderOptions {
  /** Of the provider, for sentences. */
  name: string
  /** A server of small models: calls and thinking may stand in the text. */
  loose: boolean
  now(): number
}
type Call = Extract<Piece, { type: 'call' }>
interface Gathered {
  text: string
  calls: Call[]
  finish: ProviderAnswer['finish']
  usage: Partial<TokenUsage>
  thought: string
  firstToken: number | null
}

/**
 * Reads a provider's stream to its end. The iterator is closed on every way out, and with it the connection. A native call
 * whose arguments cannot be read even after mending is handed on with them as text: no tool accepts a text as its input, so
 * the caller's fault goes back to the model, which is cheaper than another answer.
 * @throws `model-cut-off`, `model-invalid` (structured output that is no JSON), `model-filtered`, and what the stream throws.
 */
export async function gather(stream: AsyncIterable<Piece>, request: ProviderRequest, options: GatherOptions): Promise<ProviderAnswer> {
  return wellFormed(await readWhole(stream, request, options), NUL)
}

/** No database keeps it in a text, and no honest model writes it. */
const NUL = /\0/g

async function readWhole(stream: AsyncIterable<Piece>, request: ProviderRequest, options: GatherOptions): Promise<ProviderAnswer> {
  const offered = request.toolChoice === 'none' ? [] : request.tools.map((tool) => tool.id)
  const names = toolNames(offered)
  const hold = createHold((delta) => options.onText?.(delta), { loose: options.loose, calls: options.loose && offered.length > 0 })
  const gathered = await collect(stream, hold, options)
  const speaker = { name: options.name, key: undefined }
  if (gathered.finish === 'filter' && gathered.text === '' && gathered.calls.length === 0)
    throw fault('model-filtered', speaker, { begun: true })
  const answer = withCalls(gathered, request, names, options.loose && offered.length > 0)
  hold.release(answer.text)
  if (request.schema === undefined || answer.calls.length > 0) return answer
  const object = readJson(answer.text, gathered.finish !== 'length')
  if (object) return { ...answer, object: object.value, mended: answer.mended || object.mended }
  const said = gathered.finish === 'length' ? 'the JSON was cut at the limit of tokens; allow more' : 'it is no JSON'
  throw fault('model-invalid', speaker, { said, begun: true })
}

async function collect(stream: AsyncIterable<Piece>, hold: Hold, options: GatherOptions): Promise<Gathered> {
  const started = options.now()
  const gathered: Gathered = { text: '', calls: [], finish: 'other', usage: {}, thought: '', firstToken: null }
  let ended = false
  for await (const piece of stream) {
    options.onSign?.()
    if (piece.type === 'text' || piece.type === 'call') gathered.firstToken ??= Math.round(options.now() - started)
    switch (piece.type) {
      case 'text':
        hold.push(piece.text)
        break
      case 'reasoning':
        gathered.thought += piece.text
        break
      case 'call':
        gathered.calls.push(piece)
        break
      case 'finish':
        ended = piece.reason !== null
        gathered.finish = piece.reason ?? 'other'
        gathered.usage = piece.usage
        break
      case 'sign':
        break
    }
  }
  if (!ended) throw fault('model-cut-off', { name: options.name, key: undefined }, { begun: true })
  return { ...gathered, text: hold.end() }
}

function withCalls(gathered: Gathered, request: ProviderRequest, names: ToolNames, loose: boolean): ProviderAnswer {
  const { text, finish, firstToken } = gathered
  const usage = estimateUsage(gathered.usage, request, text, gathered)
  const found = gathered.calls.length === 0 && loose ? callsInText(text, names, heardIn(request)) : null
  if (found) {
    const calls = found.calls.map((call, index) => ({ id: `text-${index}`, ...call }))
    return { text: found.text, calls, finish: 'tool-calls', usage, mended: true, firstToken }
  }
  const calls = gathered.calls.map((call) => nativeCall(call, names))
  const mended = calls.some((call) => call.mended)
  const kept = calls.map(({ id, tool, input }) => ({ id, tool, input }))
  return { text, calls: kept, finish: calls.length > 0 && finish === 'stop' ? 'tool-calls' : finish, usage, mended, firstToken }
}

function nativeCall({ id, name, input }: Call, names: ToolNames): { id: string; tool: string; input: unknown; mended: boolean } {
  const tool = names.offered(name) ?? names.encode(name)
  if (typeof input !== 'string') return { id, tool, input, mended: false }
  const read = readArguments(input)
  return { id, tool, input: read ? read.value : input, mended: read?.mended ?? false }
}

/** Everything that the model was given by others than itself. */
function heardIn(request: ProviderRequest): string[] {
  return request.messages
    .filter((message) => message.role !== 'assistant')
    .flatMap((message) => message.content)
    .map((part) => (part.type === 'text' ? part.text : part.type === 'tool-result' ? (JSON.stringify(part.output) ?? '') : ''))
}
