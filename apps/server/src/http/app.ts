import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { ORPCError } from '@orpc/client'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { BodyLimitPlugin } from '@orpc/server/fetch'
import { LifeOsError } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Kernel } from '../kernel.ts'
import { authorise, createRouter } from '../router/index.ts'
import type { RequestContext } from '../router/index.ts'
import { createSeenFolders } from '../system/seen.ts'
import { readBlob, writeBlob } from './blobs.ts'
import { compressed, conditional } from './conditional.ts'
import { sessionCookie, sessionIn } from './cookie.ts'
import { eventStream } from './events.ts'
import { secure } from './headers.ts'
import { homeMark } from './mark.ts'
import { createMcpEndpoint } from './mcp.ts'
import type { AllowedHosts } from './hosts.ts'
import { createIdempotency } from './idempotency.ts'
import { checkForgery, checkSource, identify } from './identify.ts'
import type { Way } from './identify.ts'
import { createRateLimit, rateHeaders } from './limits.ts'
import { createOpenApi } from './openapi.ts'
import { asLifeOsError, problemResponse, routeUnknown } from './problem.ts'
import { serveStatic } from './static.ts'
import { thumbnail } from './thumbnail.ts'

export interface AppOptions {
  hosts: AllowedHosts
  /** The built web app; without one only the API is served. */
  webRoot?: string
  /** The server's end: open streams stop. */
  signal: AbortSignal
  now?(): number
  heartbeat?: number
  requestsPerMinute?: number
}
/** What the listener says of a request. */
export interface Peer {
  way: Way
  address: string
}
interface Env {
  Bindings: { peer: Peer }
  Variables: { id: string; identity: Identity | null; session: string | undefined }
}
type Ask = Context<Env>

const PREFIX = '/api/v1'
const LARGEST_BODY = 8 * 1024 ** 2 // bytes

/** The whole HTTP side as one function of requests; the same for TCP, the owner's socket and tests. */
export function createApp(kernel: Kernel, options: AppOptions): Hono<Env> {
  const { auth, home, logger, counters } = kernel
  const now = options.now ?? Date.now
  const seen = createSeenFolders()
  const limit = createRateLimit({ now, ...(options.requestsPerMinute && { limit: options.requestsPerMinute }) })
  const idempotent = createIdempotency({ store: kernel.store, now })
  const openApi = createOpenApi(kernel.version)
  const router = createRouter(kernel, seen)
  const mcp = createMcpEndpoint(router, kernel.version, now)
  options.signal.addEventListener('abort', () => void mcp[Symbol.asyncDispose](), { once: true })
  const handler = new OpenAPIHandler(router, {
    plugins: [new BodyLimitPlugin({ maxBodySize: LARGEST_BODY })],
    // The handler would encode failures itself; they are noted here so that one place turns each into a problem.
    interceptors: [
      ({ next, context }) =>
        next().catch((error: unknown) => {
          const unread = !context.trace.called && !(error instanceof ORPCError) && !(error instanceof LifeOsError)
          context.trace.failure = unread
            ? new LifeOsError('input-invalid', 'The request cannot be read. Send JSON as /api/docs shows.', { cause: error })
            : error
          throw error
        }),
    ],
    clientInterceptors: [
      ({ next, context }) => {
        context.trace.called = true
        return next()
      },
    ],
  })
  const app = new Hono<Env>()

  app.use(async (c, next) => {
    c.set('id', requestId(c.req.header('x-request-id')))
    const started = performance.now()
    await next()
    c.res = await compressed(c.req.raw, c.res)
    c.res.headers.set('x-request-id', c.get('id'))
    c.res.headers.set('x-life-os', kernel.version)
    secure(c.res.headers)
    const time = performance.now() - started
    counters.time('http.requests', time)
    logger.debug({ request: c.get('id'), method: c.req.method, path: c.req.path, status: c.res.status, ms: Math.round(time) }, 'request')
  })
  const failed = (c: Ask, error: unknown): Response => {
    const known = asLifeOsError(error)
    counters.count('http.problems')
    if (known.class === 'unexpected') logger.error({ request: c.get('id'), path: c.req.path, err: known.cause ?? known }, 'request failed')
    return problemResponse(known, c.get('id'), c.req.path, kernel.secrets.redactor)
  }
  app.onError((error, c) => failed(c, error))
  app.use(async (c, next) => {
    if (c.env.peer.way === 'tcp') checkSource(c.req.raw, options.hosts)
    await next()
  })

  app.get('/health/live', (c) => c.json({ ok: true, product: 'life-os', version: kernel.version, home: homeMark(home) }))
  app.get('/health/ready', async (c) => {
    const ready = await kernel.store.db
      .selectFrom('settings')
      .select('key')
      .limit(1)
      .execute()
      .then(
        () => true,
        () => false,
      )
    return c.json({ ok: ready }, ready ? 200 : 503)
  })
  app.get('/api/openapi.json', async (c) => conditional(c.req.raw, c.json(await openApi())))
  app.get('/api/docs', async (c) => c.html((await import('./docs.ts')).docsPage(await openApi())))
  app.get('/sign-in', async (c, next) => {
    const link = c.req.query('link')
    const foreign = /^(cross|same)-site$/.test(c.req.header('sec-fetch-site') ?? '') // another page must neither use links up nor guess them
    if (!link || foreign || c.env.peer.way !== 'tcp') return next()
    const known = sessionIn(c.req.header('cookie'), home)
    return known && (await auth.fromSession(known)) ? c.redirect('/', 303) : signInByLink(c, link)
  })

  const signInByLink = async (c: Ask, link: string): Promise<Response> => {
    try {
      const { secret, expiresAt } = await auth.signIn({ link }, c.env.peer.address)
      c.header('set-cookie', sessionCookie(home, secret, expiresAt - now()))
      return c.redirect('/', 303)
    } catch (error) {
      if (error instanceof LifeOsError) return c.redirect(`/sign-in?problem=${error.code}`, 303)
      throw error
    }
  }

  app.use(`${PREFIX}/*`, async (c, next) => {
    const session = sessionIn(c.req.header('cookie'), home)
    const identity = await identify(c.req.raw, c.env.peer.way, auth, session)
    c.set('identity', identity)
    c.set('session', session)
    if (!c.req.path.startsWith(`${PREFIX}/sign-in`)) checkForgery(c.req.raw, identity)
    if (c.env.peer.way === 'socket') return next()
    const allowance = limit.take(identity ? `${identity.via} ${identity.person.id}` : `address ${c.env.peer.address}`)
    if (!allowance.allowed) throw tooMany(allowance.limit)
    await next()
    for (const [name, value] of Object.entries(rateHeaders(allowance))) c.res.headers.set(name, value)
  })

  const asPerson = (c: Ask, need: 'read' | 'run'): Identity => {
    const identity = c.get('identity')
    authorise(identity, need)
    return identity as Identity // authorise has thrown for nobody
  }
  app.get(`${PREFIX}/events`, (c) => {
    const identity = asPerson(c, 'read')
    const { session } = c.var
    const stillAllowed = async () => (await identify(c.req.raw, c.env.peer.way, auth, session)) !== null
    return eventStream(kernel, c.req.raw, identity, {
      stillAllowed,
      signal: options.signal,
      redact: (text) => kernel.secrets.redactor.text(text),
      ...(options.heartbeat && { heartbeat: options.heartbeat }),
    })
  })
  app.get(`${PREFIX}/blobs/:hash`, (c) => {
    return readBlob(kernel, c.req.raw, asPerson(c, 'read'), c.req.param('hash'))
  })
  app.post(`${PREFIX}/blobs`, (c) => writeBlob(kernel, c.req.raw, asPerson(c, 'run').person.id, now()))
  app.post(`${PREFIX}/blobs/:hash`, (c) => writeBlob(kernel, c.req.raw, asPerson(c, 'run').person.id, now(), c.req.param('hash')))
  app.get(`${PREFIX}/thumbnail`, (c) => thumbnail(kernel, seen, asPerson(c, 'read'), c.req.raw))

  app.all(`${PREFIX}/*`, async (c) => {
    const { identity, session } = c.var
    const call = async (request: Request): Promise<Response> => {
      const answer = new Headers()
      const trace: RequestContext['trace'] = { called: false }
      const result = await handler.handle(request, {
        prefix: PREFIX,
        context: { identity, address: c.env.peer.address, session, answer, trace },
      })
      if (!result.matched) throw routeUnknown()
      if (trace.failure !== undefined) return failed(c, trace.failure)
      for (const [name, value] of answer) result.response.headers.append(name, value)
      return result.response
    }
    const response = await (identity ? idempotent(c.req.raw, identity.person.id, call) : call(c.req.raw))
    return conditional(c.req.raw, response)
  })
  app.all('/mcp', async (c) => {
    const identity = await identify(c.req.raw, c.env.peer.way, auth, undefined) // a token, or the owner's socket: no page speaks this
    const allowance = limit.take(identity ? `${identity.via} ${identity.person.id}` : `address ${c.env.peer.address}`)
    if (!allowance.allowed) throw tooMany(allowance.limit)
    if (!identity) c.header('www-authenticate', 'Bearer')
    return mcp.serve(c.req.raw, identity, c.env.peer.address)
  })
  app.all('/api/*', () => {
    throw routeUnknown()
  })
  app.all('*', async (c) => {
    const page = options.webRoot ? await serveStatic(options.webRoot, c.req.raw) : undefined
    if (page) return page
    if (c.req.path === '/' && !options.webRoot)
      return c.text('Life-OS is running. Its web app is not built yet: run “npm run build”. The API is described at /api/docs.\n')
    throw routeUnknown()
  })
  return app
}

const tooMany = (limit: number) =>
  new LifeOsError('too-many-requests', 'Too many requests in a minute. Wait a moment.', {
    class: 'operational',
    details: { retryAfter: Math.max(1, Math.ceil(60 / limit)) },
  })

/** A caller's own request id when it is a plain one, so that both logs agree; else a new one. */
const requestId = (given: string | undefined): string => (given && /^[\w-]{8,64}$/.test(given) ? given : randomUUID())
