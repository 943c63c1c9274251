import { pino } from 'pino'
import type { DestinationStream, Logger as PinoLogger } from 'pino'
import type { Redactor } from '../secrets/types.ts'

/** The structured logger every module takes. Fields first, then the sentence: `logger.info({ run }, 'run finished')`. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'level'> & {
  child(fields: Record<string, unknown>): Logger
  /** From now on every line, also of its children and of those who hold it, passes this redactor last. */
  redactBy?(redactor: Pick<Redactor, 'text'>): void
}

export interface LoggerOptions {
  level?: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** A file to append to; without it and without a stream, standard error. */
  file?: string
  stream?: DestinationStream
}

export const REDACTED = '[redacted]'

/** Field names whose values never reach a log, in whatever depth they stand. */
const SECRET =
  /^(authorization|cookie|set-cookie|passphrase|password|secret|token|csrf|link|api[-_]?key|x-csrf-token|access[-_]?token|refresh[-_]?token)$/i
const MAX_DEPTH = 8

/** A copy in which values of secret fields are replaced. Pino's own `redact` knows only fixed paths. */
function redact(value: unknown, depth = 0): unknown {
  if (value instanceof Error)
    return { type: value.name, message: value.message, code: 'code' in value ? value.code : undefined, stack: value.stack }
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype && Object.getPrototypeOf(value) !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SECRET.test(key) ? REDACTED : redact(item, depth + 1)]))
}

/** A JSON logger that redacts. Synchronous, so that the last line before a crash is there. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const destination = options.stream ?? pino.destination({ dest: options.file ?? 2, sync: true, mkdir: true, mode: 0o600 })
  let redactor: Pick<Redactor, 'text'> | undefined
  const settings = {
    hooks: { streamWrite: (line: string) => redactor?.text(line) ?? line },
    level: options.level ?? 'info',
    base: null,
    timestamp: () => `,"time":${Date.now()}`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redact(fields) as Record<string, unknown>, // a plain object stays one
    },
  }
  const redactBy = (given: Pick<Redactor, 'text'>): void => {
    redactor = given
  }
  return Object.assign(redactingChildren(pino(settings, destination)), { redactBy })
}

/** Pino applies its formatters to what is logged, but not to the fields of a child. */
function redactingChildren(inner: PinoLogger): Logger {
  const child = inner.child.bind(inner)
  return Object.assign(inner, {
    child: (fields: Record<string, unknown>) => redactingChildren(child(redact(fields) as Record<string, unknown>)),
  }) // a plain object stays one
}
