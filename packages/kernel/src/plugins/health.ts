import { readFileSync } from 'node:fs'

const SAMPLES = 512
const LOG_LINES = 2000
const SHOWN_LINES = 200
const LINE_LENGTH = 2000

export interface LogLine {
  at: number
  /** `print` for what it wrote to its own output. */
  level: string
  text: string
}

/** Figures of one plugin over the life of the server, whatever its version. Durations and start time in milliseconds. */
export interface Health {
  calls: number
  errors: number
  crashes: number
  starts: number
  startTime: number | null
  record(duration: number, ok: boolean): void
  percentile(part: number): number | null
  /** Keeps a line, without values of secrets. */
  note(text: string, level?: string): void
  /** What a process said, fit to be kept and shown. */
  clean(text: string): string
  /** The newest lines as text. */
  log(): string[]
  lines(limit: number): LogLine[]
}

export function createHealth(now: () => number = Date.now, clean: (text: string) => string = (text) => text): Health {
  const durations: number[] = []
  const lines: LogLine[] = []
  return {
    calls: 0,
    errors: 0,
    crashes: 0,
    starts: 0,
    startTime: null,
    record(duration, ok) {
      if (!ok) this.errors++
      durations[this.calls++ % SAMPLES] = duration
    },
    percentile(part) {
      if (durations.length === 0) return null
      const sorted = durations.toSorted((a, b) => a - b)
      return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? null
    },
    clean,
    note(given, level = 'print') {
      const text = clean(given) // before it is cut, so that no half of a value stays
      lines.push({ at: now(), level, text: text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH)}…` : text })
      if (lines.length > LOG_LINES) lines.shift()
    },
    log: () => lines.slice(-SHOWN_LINES).map(({ level, text }) => (level === 'print' ? text : `${level}: ${text}`)),
    lines: (limit) => lines.slice(-limit),
  }
}

/** Bytes that a process and those below it really take (PSS where the kernel tells, else resident); null when it cannot be known. */
export function memoryOf(pid: number | null): number | null {
  if (pid === null) return null
  const own = kibibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m) ?? kibibytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m)
  return own === null ? null : childrenOf(pid).reduce((sum, child) => sum + (memoryOf(child) ?? 0), own)
}

/** A plugin in a box is not the process that was started, but one below it. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // gone, or a kernel that does not list them
  }
}

function kibibytes(file: string, pattern: RegExp): number | null {
  try {
    const match = pattern.exec(readFileSync(file, 'utf8'))
    return match ? Number(match[1]) * 1024 : null
  } catch {
    return null // gone, or a system without /proc
  }
}
