// Chat completions: https://platform.openai.com/docs/api-reference/chat
import { hashedWords } from '../vectors.ts'
import { event, lastOfPerson, list, message, ownId, parsed, record, sendJson, text } from '../format.ts'
import type { FullAnswer } from '../answers.ts'
import type { Body, OtherCall, WireFormat } from '../format.ts'
import type { WireMessage, WireModel, WireRequest } from '../types.ts'

const reasons = { stop: 'stop', length: 'length', filter: 'content_filter', 'tool-calls': 'tool_calls' }
const kinds: Record<number, string> = { 401: 'authentication_error', 404: 'not_found_error', 429: 'rate_limit_error' }

export const openaiFormat: WireFormat = {
  base: '/v1',
  streamType: 'text/event-stream',
  read: (path, body) => (path === '/chat/completions' ? readChat(body) : null),
  authorised: (headers, key) => headers.authorization === `Bearer ${key}`,
  error: (status, sentence) => ({ error: { message: sentence, type: kinds[status] ?? 'invalid_request_error', param: null, code: null } }),
  failure: (sentence) => event({ error: { message: sentence, type: 'server_error', param: null, code: null } }),
  *frames(answer, request) {
    const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_767_225_600, model: request.model }
    const chunk = (delta: Body, finish: string | null = null) => event({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] })
    yield { data: chunk({ role: 'assistant', content: '' }), token: false }
    if (answer.reasoning) yield { data: chunk({ reasoning_content: answer.reasoning }), token: false }
    for (const piece of answer.pieces) yield { data: chunk({ content: piece }), token: true }
    for (const part of callDeltas(answer)) yield { data: chunk({ tool_calls: [part] }), token: false }
    yield { data: chunk({}, reasons[answer.finish]), token: false }
    const wanted = record(record(request.body)['stream_options'])['include_usage'] === true
    if (answer.usage && wanted) yield { data: event({ ...head, choices: [], usage: usageOf(answer) }), token: false }
    yield { data: 'data: [DONE]\n\n', token: false }
  },
  whole: (answer, request) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_767_225_600,
    model: request.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.pieces.join(''), ...(answer.calls.length > 0 && { tool_calls: wholeCalls(answer) }) },
        finish_reason: reasons[answer.finish],
      },
    ],
    ...(answer.usage && { usage: usageOf(answer) }),
  }),
  other,
}

function readChat(body: Body): WireRequest {
  const messages = list(body['messages']).map(readMessage)
  const named = new Map(
    list(body['messages'])
      .flatMap((entry) => list(entry['tool_calls']))
      .map((call) => [call['id'], nameOf(call)]),
  )
  for (const [place, entry] of list(body['messages']).entries())
    for (const result of messages[place]?.results ?? []) result.tool = named.get(entry['tool_call_id'])
  return {
    model: text(body['model']),
    messages,
    tools: list(body['tools']).map((entry) => {
      const tool = record(entry['function'])
      return { id: ownId(text(tool['name'])), name: text(tool['name']), description: text(tool['description']), schema: tool['parameters'] }
    }),
    toolChoice: body['tool_choice'] === 'none' || body['tool_choice'] === 'required' ? body['tool_choice'] : 'auto',
    schema: record(record(body['response_format'])['json_schema'])['schema'],
    stream: body['stream'] === true,
    last: lastOfPerson(messages),
    body,
  }
}
function nameOf(call: Body): string {
  return ownId(text(record(call['function'])['name']))
}

function readMessage(entry: Body): WireMessage {
  const parts = typeof entry['content'] === 'string' ? [{ type: 'text', text: entry['content'] }] : list(entry['content'])
  const words = parts.map((part) => text(record(part)['text'])).join('')
  if (entry['role'] === 'tool') return message('tool', { results: [{ tool: undefined, text: words }] })
  const role = entry['role'] === 'assistant' || entry['role'] === 'user' ? entry['role'] : 'system'
  return message(role, {
    text: words,
    pictures: list(parts).flatMap((part) => {
      const url = text(record(part['image_url'])['url'])
      return url === '' ? [] : [url.slice(url.indexOf(',') + 1)]
    }),
    calls: list(entry['tool_calls']).map((call) => ({ tool: nameOf(call), input: parsed(record(call['function'])['arguments']) })),
  })
}

/** As OpenAI streams a call: id and name first, then the arguments in pieces. */
function callDeltas(answer: FullAnswer): Body[] {
  return answer.calls.flatMap((call, index) => {
    const half = Math.ceil(call.json.length / 2)
    const rest = [call.json.slice(0, half), call.json.slice(half)].map((part) => ({ index, function: { arguments: part } }))
    return [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }, ...rest]
  })
}
function wholeCalls(answer: FullAnswer): Body[] {
  return answer.calls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.json } }))
}
function usageOf({ usage }: FullAnswer): Body | null {
  return (
    usage && {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
      prompt_tokens_details: { cached_tokens: usage.cached },
      completion_tokens_details: { reasoning_tokens: usage.reasoning },
    }
  )
}

async function other({ path, body, models, options, response }: OtherCall): Promise<boolean> {
  if (path === '/models') sendJson(response, 200, { object: 'list', data: models.map(entryOf) })
  else if (path === '/embeddings') {
    const texts = Array.isArray(body['input']) ? body['input'].map(text) : [text(body['input'])]
    const count = texts.reduce((sum, entry) => sum + entry.split(/\s+/).length, 0)
    const data = texts.map((entry, index) => ({ object: 'embedding', index, embedding: (options.embed ?? hashedWords)(entry) }))
    sendJson(response, 200, { object: 'list', data, model: body['model'], usage: { prompt_tokens: count, total_tokens: count } })
  } else return false
  return true
}
function entryOf(model: WireModel): Body {
  return { id: model.name, object: 'model', created: 0, owned_by: 'test', ...(model.context && { max_model_len: model.context }) }
}
