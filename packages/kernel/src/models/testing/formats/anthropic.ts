// Messages: https://docs.claude.com/en/api/messages and .../messages-streaming
import { event, lastOfPerson, list, message, ownId, record, sendJson, text } from '../format.ts'
import type { FullAnswer } from '../answers.ts'
import type { Body, OtherCall, WireFormat } from '../format.ts'
import type { WireMessage, WireRequest } from '../types.ts'

const reasons = { stop: 'end_turn', length: 'max_tokens', filter: 'refusal', 'tool-calls': 'tool_use' }
const kinds: Record<number, string> = {
  401: 'authentication_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

export const anthropicFormat: WireFormat = {
  base: '/v1',
  streamType: 'text/event-stream',
  read: (path, body) => (path === '/messages' ? readMessages(body) : null),
  authorised: (headers, key) => headers['x-api-key'] === key,
  error: (status, sentence) => ({
    type: 'error',
    error: { type: kinds[status] ?? 'invalid_request_error', message: sentence },
    request_id: 'req_1',
  }),
  failure: (sentence) => event({ type: 'error', error: { type: 'overloaded_error', message: sentence } }, 'error'),
  *frames(answer, request) {
    const send = (type: string, rest: Body) => ({ data: event({ type, ...rest }, type), token: false })
    yield send('message_start', { message: { ...head(request), content: [], usage: { ...inputUsage(answer), output_tokens: 1 } } })
    yield send('ping', {})
    for (const [index, block] of blocks(answer, request).entries()) {
      yield send('content_block_start', { index, content_block: block.start })
      for (const delta of block.deltas) yield { ...send('content_block_delta', { index, delta }), token: delta['type'] === 'text_delta' }
      yield send('content_block_stop', { index })
    }
    const usage = answer.usage ? { output_tokens: answer.usage.output } : { output_tokens: 0 }
    yield send('message_delta', { delta: { stop_reason: reasons[answer.finish], stop_sequence: null }, usage })
    yield send('message_stop', {})
  },
  whole: (answer, request) => ({
    ...head(request),
    content: blocks(answer, request).map((block) => block.whole),
    stop_reason: reasons[answer.finish],
    usage: { ...inputUsage(answer), output_tokens: answer.usage?.output ?? 0 },
  }),
  other,
}

function head(request: WireRequest): Body {
  return { id: 'msg_1', type: 'message', role: 'assistant', model: request.model, stop_reason: null, stop_sequence: null }
}
/** Anthropic counts what came from its cache apart from `input_tokens`. */
function inputUsage({ usage }: FullAnswer): Body {
  if (!usage) return { input_tokens: 0 }
  return { input_tokens: usage.input - usage.cached, cache_read_input_tokens: usage.cached, cache_creation_input_tokens: 0 }
}

interface Block {
  start: Body
  deltas: Body[]
  whole: Body
}
/** Structured output is a call of a tool `json` where the client asked for it so. */
function blocks(answer: FullAnswer, request: WireRequest): Block[] {
  const found: Block[] = []
  if (answer.reasoning) {
    const deltas = [
      { type: 'thinking_delta', thinking: answer.reasoning },
      { type: 'signature_delta', signature: 'c2lnbmF0dXJl' },
    ]
    found.push({
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas,
      whole: { type: 'thinking', thinking: answer.reasoning, signature: 'c2lnbmF0dXJl' },
    })
  }
  const whole = answer.pieces.join('')
  if (jsonTool(request.body)) found.push(toolBlock({ id: 'toolu_json', name: 'json', json: whole }))
  else if (whole !== '') {
    const deltas = answer.pieces.map((piece) => ({ type: 'text_delta', text: piece }))
    found.push({ start: { type: 'text', text: '' }, deltas, whole: { type: 'text', text: whole } })
  }
  return [...found, ...answer.calls.map(toolBlock)]
}
function toolBlock(call: FullAnswer['calls'][number]): Block {
  const half = Math.ceil(call.json.length / 2)
  const parts = [call.json.slice(0, half), call.json.slice(half)]
  const start = { type: 'tool_use', id: call.id, name: call.name, input: {} }
  return { start, deltas: parts.map((part) => ({ type: 'input_json_delta', partial_json: part })), whole: { ...start, input: call.json } }
}
function jsonTool(body: unknown): Body | undefined {
  return list(record(body)['tools']).find((tool) => tool['name'] === 'json')
}

function readMessages(body: Body): WireRequest {
  const system =
    typeof body['system'] === 'string'
      ? body['system']
      : list(body['system'])
          .map((part) => text(part['text']))
          .join('\n')
  const names = new Map<unknown, string>()
  const messages = list(body['messages']).flatMap((entry) => readMessage(entry, names))
  const choice = record(body['tool_choice'])['type']
  return {
    model: text(body['model']),
    messages: system === '' ? messages : [message('system', { text: system }), ...messages],
    tools: list(body['tools'])
      .filter((tool) => tool['name'] !== 'json')
      .map((tool) => ({
        id: ownId(text(tool['name'])),
        name: text(tool['name']),
        description: text(tool['description']),
        schema: tool['input_schema'],
      })),
    toolChoice: choice === 'any' ? 'required' : choice === 'none' ? 'none' : 'auto',
    schema: record(record(body['output_config'])['format'])['schema'] ?? jsonTool(body)?.['input_schema'],
    stream: body['stream'] === true,
    last: lastOfPerson(messages),
    body,
  }
}

/** Results of tools come in a message of the user. */
function readMessage(entry: Body, names: Map<unknown, string>): WireMessage[] {
  const parts = typeof entry['content'] === 'string' ? [{ type: 'text', text: entry['content'] }] : list(entry['content'])
  const of = (type: string) => list(parts).filter((part) => part['type'] === type)
  const calls = of('tool_use').map((part) => ({ id: part['id'], tool: ownId(text(part['name'])), input: part['input'] }))
  for (const call of calls) names.set(call.id, call.tool)
  const results = of('tool_result').map((part) => ({ tool: names.get(part['tool_use_id']), text: resultText(part['content']) }))
  const said = message(entry['role'] === 'assistant' ? 'assistant' : 'user', {
    text: of('text')
      .map((part) => text(part['text']))
      .join(''),
    pictures: [...of('image'), ...of('document')].map((part) => text(record(part['source'])['data'])),
    calls: calls.map(({ tool, input }) => ({ tool, input })),
  })
  const heard = results.length === 0 ? [] : [message('tool', { results })]
  return said.text === '' && said.pictures.length === 0 && said.calls.length === 0 ? heard : [...heard, said]
}
function resultText(content: unknown): string {
  return typeof content === 'string'
    ? content
    : list(content)
        .map((part) => text(part['text']))
        .join('')
}

async function other({ path, models, response }: OtherCall): Promise<boolean> {
  if (path !== '/models') return false
  const data = models.map((model) => ({ type: 'model', id: model.name, display_name: model.name, created_at: '2026-01-01T00:00:00Z' }))
  sendJson(response, 200, { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null })
  return true
}
