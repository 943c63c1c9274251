import { text } from 'node:stream/consumers'
import type { ReadStream } from 'node:tty'

const [INTERRUPT, END, BACKSPACE, DELETE] = ['\u0003', '\u0004', '\b', '\u007f']

/**
 * One line for each question: typed without an echo at a terminal, else the lines of standard input. The line break that
 * ends a line is not part of it.
 */
export async function readSecretLines(questions: readonly string[], input: NodeJS.ReadStream = process.stdin): Promise<string[]> {
  if (!input.isTTY) return linesOf(await text(input), questions.length)
  const answers: string[] = []
  for (const question of questions) answers.push(await askHidden(question, input))
  return answers
}

/** A single value may have several lines, like a key; of several, each has one. */
function linesOf(given: string, count: number): string[] {
  const whole = given.replace(/\r?\n$/, '')
  return count === 1 ? [whole] : whole.split(/\r?\n/).slice(0, count)
}

/** Empty when the person gave up (Ctrl-C, Ctrl-D). */
function askHidden(question: string, input: ReadStream): Promise<string> {
  input.setRawMode(true) // first, so that who types ahead is not echoed either
  process.stderr.write(question)
  input.setEncoding('utf8')
  input.resume()
  return new Promise((resolve) => {
    let typed = ''
    const end = (answer: string): void => {
      input.off('data', onData)
      input.setRawMode(false)
      input.pause()
      process.stderr.write('\n')
      resolve(answer)
    }
    const onData = (chunk: string | Buffer): void => {
      for (const sign of chunk.toString()) {
        if (sign === '\r' || sign === '\n') return end(typed)
        if (sign === INTERRUPT || (sign === END && typed === '')) return end('')
        if (sign === BACKSPACE || sign === DELETE) typed = [...typed].slice(0, -1).join('')
        else if (sign >= ' ') typed += sign
      }
    }
    input.on('data', onData)
  })
}
