import { LifeOsError } from '@life-os/contract'
import { codeOf, codeOfKind, fault } from '../wire/faults.ts'
import type { Speaker } from '../wire/faults.ts'

/** Names of the AI SDK's errors about what it was asked; nothing was sent. */
const ASKED_WRONGLY = new Set([
  'AI_UnsupportedFunctionalityError',
  'AI_InvalidPromptError',
  'AI_InvalidArgumentError',
  'AI_TooManyEmbeddingValuesForCallError',
  'AI_NoSuchModelError',
])

/**
 * Any failure inside the AI SDK as one of ours. Its own errors hold the whole request, so none of them is kept as a cause.
 * Errors of the transport and the reason of a signal pass as they are. `begun`: part of the answer was there.
 */
export function sdkFault(error: unknown, { name }: Pick<Speaker, 'name'>, begun: boolean): unknown {
  const speaker = { name, key: undefined }
  const own = ownIn(error)
  if (own) return own
  const { message, kind, status, library } = factsOf(error)
  if (ASKED_WRONGLY.has(library)) return fault('model-bad-request', speaker, { said: message })
  if (library === 'AI_InvalidResponseDataError' && /without a finish reason/.test(message))
    return fault(begun ? 'model-cut-off' : 'model-invalid', speaker, { begun: true })
  if (/^AI_(JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody|NoContentGenerated)Error$/.test(library))
    return fault('model-invalid', speaker, { begun: true })
  // The transport tells of all that happens on the way, so that a plain error is about reading what came.
  if (error instanceof Error && !library.startsWith('AI_')) return fault('model-invalid', speaker, { begun: true })
  const code = status === undefined ? codeOfKind(kind) : codeOf(status, message)
  return fault(code, speaker, { said: message, status, begun })
}

/** Ours may have been wrapped on the way. */
function ownIn(error: unknown): LifeOsError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) if (at instanceof LifeOsError) return at
  return undefined
}

/** `kind`: the service's own word for an error inside a stream, such as `overloaded_error`. */
function factsOf(error: unknown): { message: string; kind: string; status: number | undefined; library: string } {
  const at = typeof error === 'object' && error !== null ? error : {}
  const field = (name: string) => (name in at ? (at as Record<string, unknown>)[name] : undefined) // a cast, because only names that are there are read
  const status = field('statusCode')
  return {
    message: typeof error === 'string' ? error : String(field('message') ?? ''),
    kind: [field('type'), field('code'), field('status')].filter((word) => typeof word === 'string').join(' '),
    status: typeof status === 'number' ? status : undefined,
    library: error instanceof Error ? error.name : '',
  }
}
