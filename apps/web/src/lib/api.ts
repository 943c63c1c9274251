import contract from 'virtual:contract'
import type { Contract, Problem } from '@life-os/contract'
import { createORPCClient, ORPCError } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import { OpenAPILink } from '@orpc/openapi-client/fetch'
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { csrfToken } from './session.ts'

/** A request that failed, in words for a person. `status` 0: the server did not answer. */
export class RequestError extends Error {
  readonly code: string
  readonly status: number
  readonly requestId: string | undefined
  readonly errors: readonly Record<string, unknown>[]

  constructor(problem: Partial<Problem> & { code: string; detail: string; status: number }, cause?: unknown) {
    super(problem.detail, { cause })
    this.name = 'RequestError'
    this.code = problem.code
    this.status = problem.status
    this.requestId = problem.requestId
    this.errors = problem.errors ?? []
  }
}

const link = new OpenAPILink(contract, {
  url: `${location.origin}/api/v1`,
  headers: () => (csrfToken() ? { 'x-csrf-token': csrfToken() } : {}),
  fetch: async (request, init) => {
    try {
      return asJson(await fetch(request, { ...init, credentials: 'same-origin' }))
    } catch (failure) {
      if (failure instanceof DOMException && failure.name === 'AbortError') throw failure
      throw new RequestError(
        {
          code: 'server-unreachable',
          status: 0,
          detail: 'Nothing answers at this address. Start Life-OS with `npm start`, then try again.',
        },
        failure,
      )
    }
  },
  customErrorResponseBodyDecoder: (body, response) => {
    const problem = body as Partial<Problem> | null // problem+json, or the page of a proxy
    if (typeof problem?.code !== 'string' || typeof problem.detail !== 'string') return null
    return new ORPCError(problem.code, { status: response.status, message: problem.detail, data: problem })
  },
})

/** oRPC reads bodies as JSON only when they are called `application/json`; problems are `application/problem+json`. */
function asJson(response: Response): Response {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return response
  const headers = new Headers(response.headers)
  headers.set('content-type', 'application/json')
  return new Response(response.body, { status: response.status, headers })
}

/** The typed client of `/api/v1`. */
export const client: ContractRouterClient<Contract> = createORPCClient(link)
/** Query and mutation options for every route. */
export const api = createTanstackQueryUtils(client)

/** Whatever was thrown, as a {@link RequestError}. */
export function requestError(thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown
  if (thrown instanceof ORPCError) {
    const problem = thrown.data as Partial<Problem> | undefined // set by the decoder above
    return new RequestError(
      { ...problem, code: problem?.code ?? thrown.code, status: thrown.status, detail: problem?.detail ?? thrown.message },
      thrown,
    )
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new RequestError({ code: 'unexpected', status: 500, detail: message }, thrown)
}
