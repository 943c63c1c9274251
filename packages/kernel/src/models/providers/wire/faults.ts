import { LifeOsError } from '@life-os/contract'

/** Who is spoken to, and what its errors must not repeat. */
export interface Speaker {
  /** Its name, for sentences. */
  name: string
  /** The key of this request. */
  key: string | undefined
}
type Code =
  | 'model-bad-request'
  | 'model-unauthorised'
  | 'model-missing'
  | 'model-timeout'
  | 'model-rate-limited'
  | 'model-overloaded'
  | 'model-failed'
  | 'model-unreachable'
  | 'model-cut-off'
  | 'model-invalid'
  | 'model-filtered'

const SENTENCES: Record<Code, string> = {
  'model-bad-request': 'did not accept the request',
  'model-unauthorised': 'refused the key: set another one under Models',
  'model-missing': 'does not have this model: pull it or choose another one',
  'model-timeout': 'took too long to answer',
  'model-rate-limited': 'asks to wait before the next call',
  'model-overloaded': 'has no room for this call right now',
  'model-failed': 'failed',
  'model-unreachable': 'cannot be reached: start it, or check its address',
  'model-cut-off': 'lost the connection before the answer was whole',
  'model-invalid': 'gave an answer that cannot be read',
  'model-filtered': 'withheld the answer for its content',
}
const MENDED_BY_A_PERSON: ReadonlySet<Code> = new Set(['model-bad-request', 'model-unauthorised', 'model-missing', 'model-filtered'])
/** Refused before any token was made. */
const UNPAID: ReadonlySet<Code> = new Set([
  'model-bad-request',
  'model-unauthorised',
  'model-missing',
  'model-rate-limited',
  'model-overloaded',
  'model-unreachable',
])
const SAID = 300

export interface FaultOptions {
  /** The provider's own words; cut, on one line, without the key. Left out for `model-unauthorised`, where services repeat keys. */
  said?: string | undefined
  status?: number | undefined
  /** Milliseconds. */
  retryAfter?: number | undefined
  /** The answer had begun: something may have been paid. */
  begun?: boolean
  details?: Record<string, unknown>
}

/** An error of a provider. It holds no header, no body and no cause, since the causes of HTTP libraries do. */
export function fault(code: Code, speaker: Speaker, options: FaultOptions = {}): LifeOsError {
  const said = code === 'model-unauthorised' ? '' : shown(options.said ?? '', speaker.key)
  const details = {
    ...options.details,
    ...(options.status !== undefined && { status: options.status }),
    ...(options.retryAfter !== undefined && { retryAfter: options.retryAfter }),
  }
  return new LifeOsError(code, `${speaker.name} ${SENTENCES[code]}${said === '' ? '.' : `: ${said}`}`, {
    class: MENDED_BY_A_PERSON.has(code) ? 'user' : 'operational',
    applied: UNPAID.has(code) && options.begun !== true ? 'no' : 'unknown',
    ...(Object.keys(details).length > 0 && { details }),
  })
}

function shown(said: string, key: string | undefined): string {
  const clean = key === undefined ? said : said.replaceAll(key, '…')
  const line = clean.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > SAID ? `${line.slice(0, SAID)}…` : line
}

/** The code of an HTTP status. */
export function codeOf(status: number, said = ''): Code {
  if (status === 401 || status === 403) return 'model-unauthorised'
  if (status === 404) return 'model-missing'
  if (status === 408 || status === 504) return 'model-timeout'
  if (status === 429) return 'model-rate-limited'
  if (status === 503 || status === 529) return 'model-overloaded'
  if (status >= 500) return 'model-failed'
  if (status >= 300 && status < 400) return 'model-unreachable'
  // Google answers 400 for a key that is wrong.
  return /api.?key.*(invalid|not valid|expired)/i.test(said) ? 'model-unauthorised' : 'model-bad-request'
}
/** The code of an error that comes as an event of a stream, by the words that services use for its kind. */
export function codeOfKind(kind: string): Code {
  const kinds: [RegExp, Code][] = [
    [/overload|unavailable|capacity/i, 'model-overloaded'],
    [/rate.?limit|exhausted|quota/i, 'model-rate-limited'],
    [/timeout|deadline/i, 'model-timeout'],
    [/auth|permission/i, 'model-unauthorised'],
    [/not.?found/i, 'model-missing'],
    [/content.?filter|safety/i, 'model-filtered'],
    [/invalid/i, 'model-bad-request'],
  ]
  return kinds.find(([words]) => words.test(kind))?.[1] ?? 'model-failed'
}
