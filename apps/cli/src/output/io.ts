import { createInterface } from 'node:readline/promises'
import { harmless, harmlessJson } from './colour.ts'

/** Where a command writes and asks; tests pass their own. */
export interface Io {
  /** The answer a program may read. */
  out(line: string): void
  /** For a person, beside the answer. */
  note(line: string): void
  /** A line that is overwritten; nothing where there is no terminal. */
  status(line: string): void
  /** Both ends are a terminal: a person can be asked. */
  readonly canAsk: boolean
  readonly json: boolean
  readonly colour: boolean
  readonly width: number
  ask(question: string): Promise<string>
}

export function terminalIo(json: boolean): Io {
  const { stdin, stdout, stderr, env } = process
  const terminal = Boolean(stdout.isTTY)
  let statusLength = 0
  const clear = () => {
    if (statusLength > 0) stderr.write(`\r${' '.repeat(statusLength)}\r`)
    statusLength = 0
  }
  return {
    json,
    canAsk: Boolean(stdin.isTTY && terminal) && !json,
    colour: terminal && !json && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    width: stdout.columns || 100,
    out(line) {
      clear()
      stdout.write(`${json ? harmlessJson(line) : terminal ? harmless(line) : line}\n`)
    },
    note(line) {
      clear()
      if (!json) stderr.write(`${harmless(line)}\n`)
    },
    status(line) {
      if (!stderr.isTTY || json) return
      const shown = line.slice(0, (stderr.columns || 100) - 1)
      stderr.write(`\r${shown.padEnd(statusLength)}`)
      statusLength = shown.length
    },
    async ask(question) {
      clear()
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        const closed = new Promise<string>((resolve) => lines.once('close', () => resolve(''))) // Ctrl-C or Ctrl-D at the question: no answer
        return await Promise.race([lines.question(question).catch(() => ''), closed])
      } finally {
        lines.close()
      }
    },
  }
}
