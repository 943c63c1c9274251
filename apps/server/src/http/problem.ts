import { ORPCError } from '@orpc/client'
import { LifeOsError } from '@life-os/contract'
import type { Problem } from '@life-os/contract'
import type { Redactor } from '@life-os/kernel/secrets'

/** HTTP status by code, where the class alone does not tell it. */
const STATUS: Record<string, number> = {
  'not-signed-in': 401,
  'sign-in-failed': 401,
  'link-invalid': 401,
  'token-invalid': 401,
  'host-refused': 403,
  'origin-refused': 403,
  'csrf-missing': 403,
  'scope-missing': 403,
  'role-missing': 403,
  'session-needed': 403,
  'thumbnail-refused': 403,
  'route-unknown': 404,
  'setting-unknown': 400,
  'permission-missing': 403,
  'emergency-stop': 409,
  'name-taken': 409,
  'plan-bundled': 409,
  'agent-bundled': 409,
  'plugin-bundled': 409,
  'plugin-waiting': 409,
  'plugin-not-waiting': 409,
  'plugin-pending-changed': 409,
  'plugin-no-version-before': 409,
  'plugin-update-by-hand': 409,
  'thread-busy': 409,
  'mcp-server-unknown': 404,
  'mcp-changed': 409,
  'plugin-is-mcp': 409,
  'last-admin': 409,
  'person-self': 409,
  'person-owner': 409,
  'folder-not-empty': 409,
  'approval-stale': 409,
  'approval-answered': 409,
  'approval-expired': 409,
  'idempotency-in-progress': 409,
  'idempotency-interrupted': 409,
  'idempotency-key-reused': 422,
  'body-too-large': 413,
  'plan-invalid': 422,
  'agent-invalid': 422,
  'input-invalid': 422,
  'blob-differs': 422,
  'too-many-attempts': 429,
  'too-many-requests': 429,
}
const MISSING =
  /^(secret|run|plan|approval|grant|token|person|plugin|blob|preview|file|folder|effect|tool|thumbnail|thread|message|agent|agent-version|preference)-(missing|unknown)$/

export function statusOf(error: Pick<LifeOsError, 'code' | 'class'>): number {
  const known = STATUS[error.code]
  if (known) return known
  if (MISSING.test(error.code)) return 404
  if (/-(refused|denied)$/.test(error.code)) return 403
  if (/(^run-not-|-conflict$|-not-possible$)/.test(error.code)) return 409
  if (error.class === 'user') return 400
  return error.class === 'operational' ? 503 : 500
}

/** Whatever was thrown, as the project's own error. What is foreign becomes `unexpected` without its words: they may tell too much. */
export function asLifeOsError(thrown: unknown): LifeOsError {
  if (thrown instanceof LifeOsError) return thrown
  if (thrown instanceof ORPCError) return fromOrpc(thrown)
  return new LifeOsError(
    'unexpected',
    'Something inside Life-OS failed. What was asked may not have happened; the log has the details under this request id.',
    { class: 'unexpected', cause: thrown },
  )
}

function fromOrpc(error: ORPCError<string, unknown>): LifeOsError {
  if (error.cause instanceof LifeOsError) return error.cause
  const issues = issuesOf(error)
  if (issues && error.code === 'BAD_REQUEST') {
    const faults = issues.map(({ path, message }) => ({ path: path.join('.'), message }))
    const [first] = faults
    const place = first?.path ? `${first.path}: ` : ''
    return new LifeOsError('input-invalid', `${place}${first?.message ?? 'The input is not valid'}.`.replace(/\.\.$/, '.'), {
      details: { faults },
    })
  }
  if (error.code === 'BAD_REQUEST')
    return new LifeOsError('input-invalid', 'The request cannot be read. Send JSON as the API page shows.', { cause: error })
  if (error.code === 'PAYLOAD_TOO_LARGE') return new LifeOsError('body-too-large', 'The request is too large.', { cause: error })
  if (error.status === 404) return routeUnknown()
  return asLifeOsError(error.cause ?? new Error(error.message))
}

function issuesOf(error: ORPCError<string, unknown>): { path: PropertyKey[]; message: string }[] | undefined {
  const data = error.data
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues)) return undefined
  return data.issues.map((issue: { path?: (PropertyKey | { key: PropertyKey })[]; message: string }) => ({
    path: (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part)),
    message: issue.message,
  }))
}

export const routeUnknown = (): LifeOsError =>
  new LifeOsError('route-unknown', 'There is nothing at this address. /api/docs lists what there is.')

/** RFC 9457. Never a stack; an unexpected error keeps its details to the log. */
export function problemOf(error: LifeOsError, requestId: string, instance: string): Problem {
  const { faults, ...details } = error.class === 'unexpected' ? {} : (error.details ?? {})
  return {
    type: `/api/docs#problem-${error.code}`,
    title: titleOf(error.code),
    status: statusOf(error),
    code: error.code,
    detail: error.message,
    instance,
    requestId,
    class: error.class,
    ...(error.applied && { applied: error.applied }),
    ...(Array.isArray(faults) && { errors: faults as Record<string, unknown>[] }), // faults are lists of plain records wherever they are made
    ...(Object.keys(details).length > 0 && { details }),
  }
}
const titleOf = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' ')

/** Values of secrets that a failure or an address may hold are replaced. */
export function problemResponse(thrown: unknown, requestId: string, instance: string, redactor: Pick<Redactor, 'value'>): Response {
  const problem = redactor.value(problemOf(asLifeOsError(thrown), requestId, instance))
  const retryAfter = problem.details?.['retryAfter']
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(typeof retryAfter === 'number' && { 'retry-after': String(retryAfter) }),
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer realm="Life-OS"' }),
    },
  })
}
