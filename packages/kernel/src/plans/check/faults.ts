import type { PlanFault } from '@life-os/contract'
import type { Positions } from '../types.ts'

export type Path = readonly (string | number)[]
/** A place inside a template: where its expression starts, and the offset in it. */
export interface InText {
  expression: number
  at: number
  source?: string
}

const MOST = 500

/** Gathers the faults of one plan, each with the place a person can open. */
export class Faults {
  readonly #positions: Positions | undefined
  readonly #found: PlanFault[] = []

  constructor(positions: Positions | undefined) {
    this.#positions = positions
  }

  add(code: string, message: string, path: Path, inText?: InText): void {
    if (this.#found.length >= MOST) return
    const dotted = path.join('.')
    this.#found.push({ code, message: sentence(message), path: dotted, ...this.#place(path, inText) })
  }

  /** By place, then in the order they were found. */
  sorted(): PlanFault[] {
    return this.#found.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
  }

  #place(path: Path, inText: InText | undefined): { line?: number; column?: number } {
    const exact = inText && this.#positions?.get(`${path.join('.')}#${inText.expression}`)
    if (exact) return within(exact, inText)
    for (let length = path.length; length >= 0; length -= 1) {
      const found = this.#positions?.get(path.slice(0, length).join('.'))
      if (found) return found
    }
    return {}
  }
}

/** The place of an offset in an expression that may span lines. */
function within(start: { line: number; column: number }, { source = '', at }: InText): { line: number; column: number } {
  const before = source.slice(0, at)
  const breaks = before.split('\n').length - 1
  return breaks === 0
    ? { line: start.line, column: start.column + at }
    : { line: start.line + breaks, column: at - before.lastIndexOf('\n') }
}

const sentence = (message: string): string => (/[.?!]$/.test(message) ? message : `${message}.`)
