import { readFileSync, readdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { z } from 'zod'
import { missing } from '../missing.ts'
import { serve } from './serve.ts'
import type { LocalServer } from './serve.ts'

const Body = z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])

/** One exchange as the foreign interface documents it. Headers and fields of a JSON body that are named must be there; more may be. */
export const Exchange = z.strictObject({
  /** Where the documentation of this exchange stands. */
  source: z.string().optional(),
  request: z.strictObject({
    method: z.string(),
    /** With its query, as it goes over the wire. */
    path: z.string().startsWith('/'),
    headers: z.record(z.string().regex(/^[a-z0-9-]+$/, 'lower case'), z.string()).default({}),
    body: Body.optional(),
  }),
  response: z.strictObject({ status: z.int(), headers: z.record(z.string(), z.string()).default({}), body: Body.optional() }),
})
export type Exchange = z.infer<typeof Exchange>

export function readExchanges(folder: string): Exchange[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.toSorted().map((name) => {
    const read = Exchange.safeParse(JSON.parse(readFileSync(path.join(folder, name), 'utf8')))
    if (read.success) return read.data
    throw new Error(`${path.join(folder, name)} is no exchange: ${z.prettifyError(read.error)}`)
  })
}

/**
 * Replays exchanges over real HTTP. Where several fit one request they answer in turn, the last one from then on. What
 * fits none is answered with 501 and says what was asked.
 */
export function serveExchanges(exchanges: readonly Exchange[]): Promise<LocalServer> {
  const used = new Map<Exchange, number>()
  return serve((request, response) => {
    void bodyOf(request).then((body) => {
      const fitting = exchanges.filter((exchange) => fits(exchange, request, body))
      const next = fitting.find((exchange) => !used.has(exchange)) ?? fitting.at(-1)
      if (!next) return response.writeHead(501).end(`No recorded exchange fits ${request.method} ${request.url} with the body ${body}`)
      used.set(next, (used.get(next) ?? 0) + 1)
      const { status, headers, body: answer } = next.response
      const text = typeof answer === 'string' || answer === undefined ? (answer ?? '') : JSON.stringify(answer)
      return response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
    })
  })
}

function fits({ request: wanted }: Exchange, request: IncomingMessage, body: string): boolean {
  if (wanted.method !== request.method || wanted.path !== request.url) return false
  if (Object.entries(wanted.headers).some(([name, value]) => request.headers[name] !== value)) return false
  if (wanted.body === undefined) return true
  return typeof wanted.body === 'string' ? wanted.body === body : missing(wanted.body, jsonOf(body)).length === 0
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer) // no encoding is set
  return Buffer.concat(parts).toString('utf8')
}
