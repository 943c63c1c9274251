import type { Readable } from 'node:stream'
import type { Timers } from './timers.ts'

const WINDOW = 1000
const NOTES = 20_000
const KEPT = 200
const PRINTED = 8 * 1024 * 1024
const STRAYS = 1000

/** Bounds on what a plugin may say beside its answers, so that one that floods ends instead of filling the host. */
export interface TalkLimit {
  /** For a log or progress note; false when it is one too many to be kept. */
  note(): boolean
  /** For a message that belongs to nothing. */
  stray(): void
  /** Hands on the lines of a stream. */
  listen(stream: Readable, onLine: (line: string) => void): void
}

export function createTalkLimit(timers: Timers, onFlood: (how: string) => void): TalkLimit {
  let since = timers.now()
  let notes = 0
  let printed = 0
  let strays = 0

  function turn(): void {
    const now = timers.now()
    if (now - since < WINDOW) return
    since = now
    notes = 0
    printed = 0
  }

  return {
    note() {
      turn()
      if (++notes > NOTES) onFlood(`it sent more than ${NOTES} notes in a second`)
      return notes <= KEPT
    },
    stray() {
      if (++strays > STRAYS) onFlood(`it sent more than ${STRAYS} messages that belong to no call`)
    },
    listen(stream, onLine) {
      let rest = ''
      stream.on('error', () => undefined) // it closes with the process
      stream.on('data', (chunk: Buffer) => {
        turn()
        printed += chunk.length
        if (printed > PRINTED) return onFlood('it printed more than 8 MiB in a second')
        const lines = (rest + chunk.toString('utf8')).split('\n')
        rest = (lines.pop() ?? '').slice(-4096)
        for (const line of lines.slice(-KEPT)) if (line.trim() !== '') onLine(line)
      })
      stream.on('end', () => rest.trim() !== '' && onLine(rest))
    },
  }
}
