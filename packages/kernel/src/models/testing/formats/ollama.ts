// Ollama's native API: https://github.com/ollama/ollama/blob/main/docs/api.md
import { hashedWords } from '../vectors.ts'
import { lastOfPerson, list, message, ownId, record, sendJson, text } from '../format.ts'
import type { FullAnswer } from '../answers.ts'
import type { Body, OtherCall, WireFormat } from '../format.ts'
import type { WireMessage, WireModel, WireRequest } from '../types.ts'
import { servePull } from './ollama-pull.ts'

const line = (value: unknown) => `${JSON.stringify(value)}\n`
const created = '2026-01-01T00:00:00.000000Z'

export const ollamaFormat: WireFormat = {
  base: '',
  streamType: 'application/x-ndjson',
  read: (path, body) => (path === '/api/chat' ? readChat(body) : null),
  authorised: (headers, key) => headers.authorization === `Bearer ${key}`,
  error: (_status, sentence) => ({ error: sentence }),
  failure: (sentence) => line({ error: sentence }),
  *frames(answer, request) {
    const frame = (part: Body) => line({ model: request.model, created_at: created, message: { role: 'assistant', ...part }, done: false })
    if (answer.reasoning) yield { data: frame({ content: '', thinking: answer.reasoning }), token: false }
    for (const piece of answer.pieces) yield { data: frame({ content: piece }), token: true }
    if (answer.calls.length > 0) yield { data: frame({ content: '', tool_calls: toolCalls(answer) }), token: false }
    yield { data: line({ ...ending(answer, request), message: { role: 'assistant', content: '' } }), token: false }
  },
  whole: (answer, request) => ({
    ...ending(answer, request),
    message: { role: 'assistant', content: answer.pieces.join(''), ...(answer.calls.length > 0 && { tool_calls: toolCalls(answer) }) },
  }),
  other,
}

function readChat(body: Body): WireRequest {
  const messages = list(body['messages']).map(readMessage)
  return {
    model: text(body['model']),
    messages,
    tools: list(body['tools']).map((entry) => {
      const named = record(entry['function'])
      const name = text(named['name'])
      return { id: ownId(name), name, description: text(named['description']), schema: named['parameters'] }
    }),
    toolChoice: 'auto',
    schema: body['format'],
    stream: body['stream'] !== false,
    last: lastOfPerson(messages),
    body,
  }
}

function readMessage(entry: Body): WireMessage {
  const content = text(entry['content'])
  if (entry['role'] === 'tool') {
    const name = text(entry['tool_name'])
    return message('tool', { results: [{ tool: name === '' ? undefined : ownId(name), text: content }] })
  }
  const calls = list(entry['tool_calls']).map((call) => record(call['function']))
  const role = entry['role'] === 'system' || entry['role'] === 'assistant' ? entry['role'] : 'user'
  return message(role, {
    text: content,
    pictures: Array.isArray(entry['images']) ? entry['images'].map(text) : [],
    calls: calls.map((call) => ({ tool: ownId(text(call['name'])), input: call['arguments'] })),
  })
}

/** Ollama sends arguments as an object; broken ones never get so far there, so they become text. */
function toolCalls(answer: FullAnswer): unknown[] {
  return answer.calls.map((call) => ({ id: call.id, function: { name: call.name, arguments: looseJson(call.json) } }))
}
function looseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

function ending(answer: FullAnswer, request: WireRequest): Body {
  const counts = answer.usage && { prompt_eval_count: answer.usage.input, eval_count: answer.usage.output }
  const reason = answer.finish === 'length' ? 'length' : 'stop'
  return { model: request.model, created_at: created, done: true, done_reason: reason, total_duration: 1, ...counts }
}

async function other(call: OtherCall): Promise<boolean> {
  const { path, method, body, models, response } = call
  const named = models.find((model) => model.name === (body['model'] ?? body['name']))
  const missing = () => sendJson(response, 404, { error: `model '${text(body['model'])}' not found` })
  if (path === '/api/version') sendJson(response, 200, { version: '0.12.0' })
  else if (path === '/api/tags') sendJson(response, 200, { models: models.map(tag) })
  else if (path === '/api/show') named && named.untold !== 'missing' ? sendJson(response, 200, named.untold ? {} : show(named)) : missing()
  else if (path === '/api/embed') named ? sendJson(response, 200, embed(call)) : missing()
  else if (path === '/api/pull') await servePull(call)
  else if (path === '/api/delete' && method === 'DELETE') named ? drop(call, named) : missing()
  else return false
  return true
}

function tag(model: WireModel): Body {
  return {
    name: model.name,
    model: model.name,
    modified_at: created,
    size: model.size ?? 1_000_000_000,
    digest: 'sha256:0',
    details: details(model),
    ...(model.remoteHost && { remote_host: model.remoteHost, remote_model: model.name }),
  }
}
function details(model: WireModel): Body {
  return { format: 'gguf', family: 'qwen3', families: ['qwen3'], parameter_size: model.parameters ?? '4.0B', quantization_level: 'Q4_K_M' }
}
function show(model: WireModel): Body {
  return {
    license: 'Apache License 2.0',
    template: '{{ .Prompt }}',
    parameters: 'temperature 0.7',
    details: details(model),
    model_info: {
      'general.architecture': 'qwen3',
      'qwen3.context_length': model.context ?? 32_768,
      'general.parameter_count': 4_000_000_000,
    },
    capabilities: model.capabilities ?? ['completion', 'tools'],
    ...(model.remoteHost && { remote_host: model.remoteHost, remote_model: model.name }),
  }
}
function embed({ body, options }: OtherCall): Body {
  const texts = Array.isArray(body['input']) ? body['input'].map(text) : [text(body['input'])]
  const count = texts.reduce((sum, entry) => sum + entry.split(/\s+/).length, 0)
  return { model: body['model'], embeddings: texts.map((entry) => (options.embed ?? hashedWords)(entry)), prompt_eval_count: count }
}
function drop({ models, response }: OtherCall, model: WireModel): void {
  models.splice(models.indexOf(model), 1)
  response.writeHead(200).end()
}
