import { request } from 'node:http'
import { Readable } from 'node:stream'
import { LifeOsError } from '@life-os/contract'

export type Fetch = (request: Request) => Promise<Response>

/** `fetch` over the owner's socket. Errors: `owner-gone` when nobody listens there. */
export const socketFetch =
  (socketPath: string): Fetch =>
  async (asked) => {
    const url = new URL(asked.url)
    const body = asked.body ? Buffer.from(await asked.arrayBuffer()) : undefined
    const headers = Object.fromEntries(asked.headers)
    return new Promise((resolve, reject) => {
      const sent = request({
        socketPath,
        path: url.pathname + url.search,
        method: asked.method,
        headers: { ...headers, host: 'life-os', ...(body && { 'content-length': body.length }) },
        signal: asked.signal,
      })
      sent.on('error', (cause) =>
        reject(
          asked.signal.aborted
            ? cause
            : new LifeOsError('owner-gone', 'The running Life-OS does not answer. Start it again with “lifeos start”.', {
                class: 'operational',
                cause,
              }),
        ),
      )
      sent.on('response', (answer) => {
        const empty = answer.statusCode === 204 || answer.statusCode === 304
        const stream = Readable.toWeb(answer) as ReadableStream<Uint8Array> // Node's own type of the same stream
        const flat = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
          (values ?? []).map((value): [string, string] => [name, value]),
        )
        resolve(new Response(empty ? null : stream, { status: answer.statusCode ?? 500, headers: flat }))
      })
      sent.end(body)
    })
  }
