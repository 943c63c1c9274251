import { readFileSync } from 'node:fs'

const SAMPLES = 512
const LOG_LINES = 200
const LINE_LENGTH = 2000

/** Figures of one plugin over the life of the server. Durations and start time in milliseconds. */
export interface Health {
  calls: number
  errors: number
  crashes: number
  startTime: number | null
  record(duration: number, ok: boolean): void
  percentile(part: number): number | null
  note(line: string): void
  log(): string[]
}

export function createHealth(): Health {
  const durations: number[] = []
  const lines: string[] = []
  return {
    calls: 0,
    errors: 0,
    crashes: 0,
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
    note(line) {
      lines.push(line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line)
      if (lines.length > LOG_LINES) lines.shift()
    },
    log: () => [...lines],
  }
}

/** Bytes that a process really takes (PSS where the kernel tells, else resident); null when it cannot be known. */
export function memoryOf(pid: number | null): number | null {
  if (pid === null) return null
  return kibibytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m) ?? kibibytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m)
}

function kibibytes(file: string, pattern: RegExp): number | null {
  try {
    const match = pattern.exec(readFileSync(file, 'utf8'))
    return match ? Number(match[1]) * 1024 : null
  } catch {
    return null // gone, or a system without /proc
  }
}
