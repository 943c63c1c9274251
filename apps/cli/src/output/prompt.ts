import { createInterface, type Interface } from 'node:readline'

/** Lines that a person types or a pipe brings, one after the other. */
export interface Prompt extends Disposable {
  /** Both ends are a terminal. */
  readonly typed: boolean
  /** The next line; null: there are no more (Ctrl-D, Ctrl-C with nothing typed, the end of the pipe). */
  next(): Promise<string | null>
}

const KEPT = 200 // lines that the arrow keys go back over

/** `words`: what Tab completes. Between two lines the terminal is free, so that Ctrl-C reaches whatever goes on. */
export function createPrompt(mark: string, words: readonly string[]): Prompt {
  return process.stdin.isTTY && process.stderr.isTTY ? typedPrompt(mark, words) : pipedPrompt()
}

function typedPrompt(mark: string, words: readonly string[]): Prompt {
  let history: string[] = []
  const completer = (line: string): [string[], string] => [line.startsWith('/') ? words.filter((word) => word.startsWith(line)) : [], line]
  return {
    typed: true,
    next() {
      const lines = createInterface({ input: process.stdin, output: process.stderr, history, historySize: KEPT, prompt: mark, completer })
      lines.on('history', (kept: string[]) => (history = [...kept]))
      lines.prompt()
      return new Promise<string | null>((resolve) => {
        lines.on('line', (line) => {
          resolve(line)
          lines.close()
        })
        lines.on('SIGINT', () => {
          if (lines.line === '') return lines.close()
          process.stderr.write('\n')
          lines.write(null, { ctrl: true, name: 'e' })
          lines.write(null, { ctrl: true, name: 'u' }) // what was typed is dropped, as in a shell
        })
        lines.on('close', () => resolve(null))
      })
    },
    [Symbol.dispose]: () => undefined,
  }
}

function pipedPrompt(): Prompt {
  let lines: Interface | undefined
  let reading: AsyncIterator<string> | undefined
  return {
    typed: false,
    async next() {
      lines ??= createInterface({ input: process.stdin })
      reading ??= lines[Symbol.asyncIterator]()
      const { value, done } = await reading.next()
      return done ? null : value
    },
    [Symbol.dispose]: () => lines?.close(),
  }
}
