import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}
type Handler = Answer | ((request: IncomingMessage, response: ServerResponse) => Answer | undefined)
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  /** What was asked, oldest first: `GET /path`. */
  readonly asked: string[]
  /** Answers a path from now on; a function may answer by itself and return nothing. */
  on(path: string, answer: Handler): void
}

/** A real web server of this machine for one test. What it does not know is 404. */
export async function serve(answers: Record<string, Handler> = {}): Promise<TestServer> {
  const known = new Map<string, Handler>(Object.entries(answers))
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const handler = known.get(request.url ?? '/') ?? { status: 404, body: 'not here' }
    const answer = typeof handler === 'function' ? handler(request, response) : handler
    if (!answer) return
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...answer.headers })
    response.end(request.method === 'HEAD' ? undefined : answer.body)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has an address with a port
    asked,
    on: (path, answer) => void known.set(path, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
