import http from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a site was asked, oldest first. */
export interface Asked {
  method: string
  url: string
  body: string
  headers: http.IncomingHttpHeaders
}
export interface TestSite extends AsyncDisposable {
  readonly origin: string
  readonly asked: Asked[]
  readonly connections: number
  /** A page or a whole answer at a path. */
  on(path: string, answer: string | ((request: Asked, response: ServerResponse) => void)): void
  /** Requests that came to a path. */
  to(path: string): Asked[]
}

/** A site on loopback; what is not there is 404. */
export async function openSite(pages: Record<string, string> = {}): Promise<TestSite> {
  const answers = new Map<string, string | ((request: Asked, response: ServerResponse) => void)>(Object.entries(pages))
  const asked: Asked[] = []
  let connections = 0
  const server = http.createServer((request, response) => void serve(request, response))
  server.on('connection', () => (connections += 1))
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set
    const one: Asked = {
      method: request.method ?? '',
      url: request.url ?? '',
      body: Buffer.concat(chunks).toString('latin1'),
      headers: request.headers,
    }
    asked.push(one)
    const answer = answers.get(one.url.split('?')[0] ?? '')
    if (answer === undefined) return void response.writeHead(404).end()
    if (typeof answer === 'function') return answer(one, response)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>${answer}`)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    get connections() {
      return connections
    },
    on: (path, answer) => void answers.set(path, answer),
    to: (path) => asked.filter(({ url }) => url.split('?')[0] === path),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const redirect =
  (location: string, status = 302) =>
  (_request: Asked, response: ServerResponse) =>
    void response.writeHead(status, { location }).end()

/** A page with a form that goes to `/sent`. */
export const FORM = `<title>Order</title><h1>Order</h1>
<form action="/sent" method="post">
  <label>Your name <input name="name"></label>
  <label>Password <input name="password" type="password"></label>
  <label>Size <select name="size"><option value="s">Small</option><option value="l">Large</option></select></label>
  <label><input type="checkbox" name="gift" value="yes"> As a gift</label>
  <input type="hidden" name="token" value="t-1">
  <button>Send the order</button>
</form>`
