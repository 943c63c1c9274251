// generateContent: https://ai.google.dev/api/generate-content
import { hashedWords } from '../vectors.ts'
import { event, lastOfPerson, list, message, ownId, record, sendJson, text } from '../format.ts'
import type { FullAnswer } from '../answers.ts'
import type { Body, OtherCall, WireFormat } from '../format.ts'
import type { WireMessage, WireModel, WireRequest } from '../types.ts'

const reasons = { stop: 'STOP', length: 'MAX_TOKENS', filter: 'SAFETY', 'tool-calls': 'STOP' }
const kinds: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}
const chatPath = /^\/models\/(.+):(generateContent|streamGenerateContent)$/

export const googleFormat: WireFormat = {
  base: '/v1beta',
  streamType: 'text/event-stream',
  read(path, body) {
    const [, model, verb] = chatPath.exec(path) ?? []
    return model === undefined ? null : readContents(body, model, verb === 'streamGenerateContent')
  },
  authorised: (headers, key) => headers['x-goog-api-key'] === key,
  error: (status, sentence) => ({ error: { code: status, message: sentence, status: kinds[status] ?? 'INVALID_ARGUMENT' } }),
  failure: (sentence) => event({ error: { code: 503, message: sentence, status: 'UNAVAILABLE' } }),
  *frames(answer) {
    const chunk = (part: Body) => event({ candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }], modelVersion: 'test' })
    if (answer.reasoning) yield { data: chunk({ text: answer.reasoning, thought: true }), token: false }
    for (const piece of answer.pieces) yield { data: chunk({ text: piece }), token: true }
    for (const part of callParts(answer)) yield { data: chunk(part), token: false }
    yield { data: event(ending(answer, [{ text: '' }])), token: false }
  },
  whole: (answer) => ending(answer, [{ text: answer.pieces.join('') }, ...callParts(answer)]),
  other,
}

/** Google has no arguments in pieces and no broken ones: they are an object. */
function callParts(answer: FullAnswer): Body[] {
  return answer.calls.map((call) => ({ functionCall: { id: call.id, name: call.name, args: argumentsOf(call.json) } }))
}
function argumentsOf(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return { raw: json }
  }
}
function ending({ usage, finish }: FullAnswer, parts: Body[]): Body {
  const counts = usage && {
    promptTokenCount: usage.input,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning,
    cachedContentTokenCount: usage.cached,
    totalTokenCount: usage.input + usage.output,
  }
  const candidate = { content: { role: 'model', parts }, finishReason: reasons[finish], index: 0 }
  return { candidates: [candidate], modelVersion: 'test', ...(counts && { usageMetadata: counts }) }
}

function readContents(body: Body, model: string, stream: boolean): WireRequest {
  const system = list(record(body['systemInstruction'])['parts'])
    .map((part) => text(part['text']))
    .join('\n')
  const messages = list(body['contents']).flatMap(readMessage)
  const config = record(body['generationConfig'])
  const mode = record(record(body['toolConfig'])['functionCallingConfig'])['mode']
  return {
    model,
    messages: system === '' ? messages : [message('system', { text: system }), ...messages],
    tools: list(body['tools'])
      .flatMap((tool) => list(tool['functionDeclarations']))
      .map((tool) => {
        const name = text(tool['name'])
        return { id: ownId(name), name, description: text(tool['description']), schema: tool['parametersJsonSchema'] ?? tool['parameters'] }
      }),
    toolChoice: mode === 'ANY' ? 'required' : mode === 'NONE' ? 'none' : 'auto',
    schema: config['responseJsonSchema'] ?? config['responseSchema'],
    stream,
    last: lastOfPerson(messages),
    body,
  }
}

function readMessage(entry: Body): WireMessage[] {
  const parts = list(entry['parts'])
  const results = parts.filter((part) => part['functionResponse']).map((part) => record(part['functionResponse']))
  const heard = results.map((result) => ({ tool: ownId(text(result['name'])), text: JSON.stringify(result['response']) }))
  if (heard.length > 0) return [message('tool', { results: heard })]
  const calls = parts.filter((part) => part['functionCall']).map((part) => record(part['functionCall']))
  return [
    message(entry['role'] === 'model' ? 'assistant' : 'user', {
      text: parts.map((part) => text(part['text'])).join(''),
      pictures: parts.filter((part) => part['inlineData']).map((part) => text(record(part['inlineData'])['data'])),
      calls: calls.map((call) => ({ tool: ownId(text(call['name'])), input: call['args'] })),
    }),
  ]
}

async function other({ path, body, models, options, response }: OtherCall): Promise<boolean> {
  const vector = (content: unknown) => ({
    values: (options.embed ?? hashedWords)(
      list(record(content)['parts'])
        .map((part) => text(part['text']))
        .join(''),
    ),
  })
  if (path === '/models') sendJson(response, 200, { models: models.map(entryOf) })
  else if (path.endsWith(':batchEmbedContents'))
    sendJson(response, 200, { embeddings: list(body['requests']).map((request) => vector(request['content'])) })
  else if (path.endsWith(':embedContent')) sendJson(response, 200, { embedding: vector(body['content']) })
  else return false
  return true
}
function entryOf(model: WireModel): Body {
  const embeds = model.capabilities?.includes('embedding') === true
  return {
    name: `models/${model.name}`,
    displayName: model.name,
    inputTokenLimit: model.context ?? 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: embeds ? ['embedContent'] : ['generateContent', 'countTokens'],
  }
}
