/** One line that a command wrote. The last one may still be growing. */
export interface ConsoleLine {
  stream: 'out' | 'error'
  text: string
}
export interface Console {
  lines: readonly ConsoleLine[]
  /** Lines that were let go because there were too many. */
  dropped: number
}

export const NO_CONSOLE: Console = { lines: [], dropped: 0 }
const MOST_LINES = 2000
const LONGEST_LINE = 4000

/** Colours and cursor movements of a terminal, which a page does not follow. */
const CONTROL =
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\-_])|[\u0000-\u0008\u000B\u000C\u000E-\u001A\u001C-\u001F\u007F]/g

/** What stands last on a line that was begun anew. */
const redrawn = (line: string): string => line.split('\r').findLast((each) => each !== '') ?? ''

/** Adds what a command wrote, in the order it came. A carriage return begins its line anew, as progress bars do. */
export function appendOutput(console: Console, stream: ConsoleLine['stream'], text: string): Console {
  const lines = [...console.lines]
  const parts = text.replace(CONTROL, '').replaceAll('\r\n', '\n').split('\n')
  const last = lines.at(-1)
  const grows = last?.stream === stream && !last.text.endsWith('\n')
  if (grows) lines.pop()
  for (const [index, part] of parts.entries()) {
    const whole = index === 0 && grows ? last.text + part : part
    const ends = index < parts.length - 1
    if (whole === '' && !ends) continue
    lines.push({ stream, text: redrawn(whole).slice(0, LONGEST_LINE) + (ends ? '\n' : whole.endsWith('\r') ? '\r' : '') })
  }
  const over = Math.max(0, lines.length - MOST_LINES)
  return { lines: over > 0 ? lines.slice(over) : lines, dropped: console.dropped + over }
}
