import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import { chmod, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { LifeOsError } from '@life-os/contract'
import type { createApp, Peer } from './http/app.ts'

type App = ReturnType<typeof createApp>
/** The app may come later than the port: until then requests wait for it. */
export type AppSource = Promise<App>

export interface Listener extends AsyncDisposable {
  port: number
}

const HEADERS_TIME = 20_000 // ms

/** The adapter's requests only look like one; whoever copies a request with a body needs Node's own. */
function genuine(request: Request): Request {
  if (request.method === 'GET' || request.method === 'HEAD') return request
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: request.body,
    duplex: 'half',
    signal: request.signal,
  })
}

function serverFor(app: AppSource, peerOf: (request: IncomingMessage) => Peer): Server {
  const answer = async (request: Request, env: unknown) =>
    (await app).fetch(genuine(request), { peer: peerOf((env as { incoming: IncomingMessage }).incoming) }) // HTTP/1 only, so it is always this type
  const listener = getRequestListener(answer, { overrideGlobalObjects: false })
  const server = createServer(
    { headersTimeout: HEADERS_TIME, requestTimeout: 0, keepAliveTimeout: 5000 },
    (request, response) => void listener(request, response),
  )
  return server
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    start()
  })
}

/** Ends idle connections at once and the others after their answer, at the latest after a second. */
async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), 1000).unref()
  })
}

/** Errors: `port-taken`, `port-refused`. */
export async function listenTcp(app: AppSource, host: string, port: number): Promise<Listener> {
  const server = serverFor(app, (request) => ({ way: 'tcp', address: request.socket.remoteAddress ?? 'unknown' }))
  await listening(server, () => server.listen(port, host)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') throw new LifeOsError('port-taken', `Port ${port} is taken.`, { class: 'operational', cause: error })
    const why = error.code === 'EACCES' ? 'needs more rights' : `cannot be opened on ${host}`
    throw new LifeOsError('port-refused', `Port ${port} ${why}. Choose another with --port.`, { class: 'operational', cause: error })
  })
  const bound = server.address() as AddressInfo // a TCP server's address
  return { port: bound.port, [Symbol.asyncDispose]: () => close(server) }
}

/** The owner's socket, for this user alone. Whoever holds the folder may replace what an earlier owner left there. */
export async function listenSocket(app: AppSource, path: string): Promise<AsyncDisposable> {
  const server = serverFor(app, () => ({ way: 'socket', address: 'socket' }))
  const isPipe = path.startsWith('\\\\')
  if (!isPipe) await rm(path, { force: true })
  const mask = process.umask(0o177) // so that the socket is never there with wider rights
  try {
    await listening(server, () => server.listen(path))
  } finally {
    process.umask(mask)
  }
  if (!isPipe) await chmod(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      await close(server)
      if (!isPipe) await rm(path, { force: true })
    },
  }
}
