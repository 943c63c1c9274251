import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Echo extends AsyncDisposable {
  place: string
  url: string
  /** All that it was told. */
  told: string[]
  /** Resolves when somebody asks `/hang`, which never answers. */
  hanging: Promise<void>
}

/** A server that says again all it is told, in its headers, redirects, error pages and bodies, in every encoding; and a token endpoint. */
export async function startEcho(): Promise<Echo> {
  const told: string[] = []
  const hanging = Promise.withResolvers<void>()
  let tokens = 0
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const all = [request.method, request.url, ...Object.values(request.headers).map(String), body].join('\n')
      told.push(all)
      const path = request.url ?? ''
      if (path.startsWith('/token')) {
        const token = { access_token: `canary+access/${++tokens}`, refresh_token: `canary+refreshed/${tokens}`, expires_in: 3600 }
        return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token))
      }
      if (path.startsWith('/hang')) return hanging.resolve()
      if (path.startsWith('/break')) return void request.socket.end(`HTTP/1.1 ${encodeURIComponent(all)}\r\n${all}\r\n\r\n`)
      const said = sayings(all)
      const headers = {
        'x-said': encodeURIComponent(all),
        etag: JSON.stringify(Buffer.from(all).toString('base64url')),
        'set-cookie': `a=${Buffer.from(all).toString('hex')}`,
      }
      if (path.startsWith('/redirect'))
        return void response.writeHead(302, { ...headers, location: `/after?${encodeURIComponent(all)}` }).end(said)
      if (path.startsWith('/away'))
        return void response.writeHead(302, { ...headers, location: `http://localhost:1/?${encodeURIComponent(all)}` }).end(said)
      response
        .writeHead(path.startsWith('/fail') ? 500 : path.startsWith('/refuse') ? 401 : 200, { ...headers, 'content-type': 'text/html' })
        .end(said)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has a port
  return {
    place,
    url: `http://${place}`,
    told,
    hanging: hanging.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function sayings(all: string): string {
  const html = all.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const encoded = [0, 1, 2].map((shift) => Buffer.from('?'.repeat(shift) + all).toString('base64'))
  return [
    all,
    JSON.stringify(all),
    JSON.stringify({ in: JSON.stringify(all) }),
    html,
    encodeURIComponent(all),
    ...encoded,
    Buffer.from(all).toString('hex'),
  ].join('\n\n')
}
