import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { contract, LifeOsError } from '@life-os/contract'
import type { Contract, JournalEntry, Problem, ProgressNote } from '@life-os/contract'
import type { Fetch } from './socket-fetch.ts'

export type Client = ContractRouterClient<Contract>
export type RunNews = { kind: 'journal'; entry: JournalEntry } | { kind: 'progress'; note: ProgressNote }

const ORIGIN = 'http://life-os'

/** The typed client over any fetch: the owner's socket, or the app in this process. Failures are the project's own errors. */
export function createClient(fetch: Fetch): Client {
  const link = new OpenAPILink(contract, {
    url: `${ORIGIN}/api/v1`,
    fetch: async (request) => asJson(await fetch(request)),
    interceptors: [
      ({ next }) =>
        next().catch((error: unknown) => {
          throw lifeOsError(error)
        }),
    ],
    customErrorResponseBodyDecoder: (body, response) => {
      const problem = problemIn(body)
      return problem && new ORPCError(problem.code, { status: response.status, message: problem.detail, data: problem })
    },
  })
  return createORPCClient(link)
}

/** oRPC reads bodies as JSON only when they are called `application/json`. */
function asJson(response: Response): Response {
  if (response.headers.get('content-type') !== 'application/problem+json') return response
  const headers = new Headers(response.headers)
  headers.set('content-type', 'application/json')
  return new Response(response.body, { status: response.status, headers })
}

function problemIn(body: unknown): Problem | undefined {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body ? (body as Problem) : undefined // the server's own problem details
}

function errorOf(problem: Problem): LifeOsError {
  const details = { ...problem.details, ...(problem.errors && { faults: problem.errors }), requestId: problem.requestId }
  return new LifeOsError(problem.code, problem.detail, {
    class: problem.class ?? 'operational',
    details,
    ...(problem.applied && { applied: problem.applied }),
  })
}

function lifeOsError(error: unknown): unknown {
  const problem = error instanceof ORPCError ? problemIn(error.data) : undefined
  return problem ? errorOf(problem) : error
}

/** Stores bytes as a blob. Errors: as the server says. */
export async function storeBlob(fetch: Fetch, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const response = await fetch(new Request(`${ORIGIN}/api/v1/blobs`, { method: 'POST', body: bytes }))
  if (!response.ok) throw errorOf((await response.json()) as Problem) // every failed answer is one
  const { hash } = (await response.json()) as { hash: string } // the contract of POST /blobs
  return hash
}

/** News of one run from after a journal number, until the caller stops reading or the stream ends. */
export async function* runNews(fetch: Fetch, run: string, after: number, signal: AbortSignal): AsyncGenerator<RunNews> {
  const response = await fetch(new Request(`${ORIGIN}/api/v1/events?run=${run}&after=${after}`, { signal }))
  if (!response.ok) throw errorOf((await response.json()) as Problem) // every failed answer is one
  if (!response.body) return
  for await (const { name, data } of events(response.body, signal)) {
    if (name === 'journal') yield { kind: 'journal', entry: JSON.parse(data) as JournalEntry } // the event's name tells the shape
    if (name === 'progress') yield { kind: 'progress', note: JSON.parse(data) as ProgressNote } // likewise
  }
}

/** The signal also ends a stream that was made in this process, which no connection closes. */
async function* events(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<{ name: string; data: string }> {
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>, { signal })) {
    // its own type wants BufferSource
    rest += text
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      const fields = new Map(
        rest
          .slice(0, end)
          .split('\n')
          .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
      )
      rest = rest.slice(end + 2)
      const data = fields.get('data')
      if (data !== undefined) yield { name: fields.get('event') ?? 'message', data }
    }
  }
}
