import { createServer } from 'node:http'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { fullAnswer, scripted } from './answers.ts'
import { parsed, record, sendJson } from './format.ts'
import type { WireFormat } from './format.ts'
import { speak } from './speak.ts'
import type { WireModel, WireOptions, WireSeen, WireServer } from './types.ts'

interface State {
  format: WireFormat
  options: WireOptions
  models: WireModel[]
  seen: WireSeen[]
  /** Called at each request for text. */
  waiting: Set<() => void>
}

/** A real HTTP server on a free port of 127.0.0.1 that speaks one format. Disposing cuts what is still open. */
export async function startWireServer(format: WireFormat, options: WireOptions): Promise<WireServer> {
  const models = (options.models ?? []).map((model) => (typeof model === 'string' ? { name: model } : model))
  const state: State = { format, options, models, seen: [], waiting: new Set() }
  const server = createServer((request, response) => {
    serve(state, request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  // A server that listens on a port has an address with one.
  const place = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    url: `http://${place}${format.base}`,
    place,
    options,
    seen: state.seen,
    get asked() {
      return state.seen.flatMap((entry) => entry.asked ?? [])
    },
    arrived: (index = 0) => arrived(state, index),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

function arrived(state: State, index: number): Promise<WireSeen> {
  return new Promise((resolve) => {
    const look = () => {
      const entry = state.seen.filter((request) => request.asked)[index]
      if (!entry) return
      state.waiting.delete(look)
      resolve(entry)
    }
    state.waiting.add(look)
    look()
  })
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { format, options, models } = state
  const body = record(parsed(await bodyOf(request)))
  const path = new URL(request.url ?? '/', 'http://local').pathname.slice(format.base.length)
  const seen = note(state, request, response, { path, body, asked: format.read(path, body) ?? undefined })
  const fail = (status: number, message: string, headers?: Readonly<Record<string, string>>) =>
    sendJson(response, status, format.error(status, message), headers)
  if (options.fault) return fail(options.fault.status, options.fault.message ?? 'The server fails as told.', options.fault.headers)
  if (options.key !== undefined && !format.authorised(request.headers, options.key)) return fail(401, 'invalid x-api-key')
  if (!seen.asked) {
    const served = await format.other({ method: request.method ?? 'GET', path, body, models, options, response })
    return served ? undefined : fail(404, `${path} not found`)
  }
  const { asked } = seen
  if (models.length > 0 && !models.some((model) => model.name === asked.model)) return fail(404, `model '${asked.model}' not found`)
  const index = state.seen.filter((entry) => entry.asked).indexOf(seen)
  const answer = await scripted(options.answer, asked, index)
  await (typeof answer.before === 'function' ? answer.before() : answer.before)
  if (answer.status !== undefined) return fail(answer.status, answer.message ?? 'The server fails as told.', answer.headers)
  await speak(format, response, asked, answer, fullAnswer(answer, asked, index))
}

function note(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  { path, body, asked }: Pick<WireSeen, 'path' | 'body' | 'asked'>,
): WireSeen {
  const over = Promise.withResolvers<void>()
  const seen: WireSeen = {
    method: request.method ?? 'GET',
    path,
    headers: request.headers,
    body,
    asked,
    aborted: false,
    over: over.promise,
  }
  response.once('close', () => {
    seen.aborted = !response.writableFinished
    over.resolve()
  })
  state.seen.push(seen)
  for (const look of state.waiting) look()
  return seen
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  // A request without an encoding set gives buffers.
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
