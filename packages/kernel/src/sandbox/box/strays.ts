import type { StdioNull, StdioPipe } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'

/** Descriptors that this process was started with and would hand on. */
export interface Strays extends Disposable {
  readonly numbers: readonly number[]
  /** A descriptor of /dev/null. */
  readonly nothing: number
}

const CLOSE_ON_EXEC = 0o2000000
/** Node closes the first sixteen by itself (uv_disable_stdio_inheritance). */
const FIRST = 16

/** Whatever Node opens is closed on exec; what it inherited above a gap is not, and Node cannot close it for others. */
export function findStrays(): Strays {
  const nothing = openSync('/dev/null', 'r')
  const numbers = readdirSync('/proc/self/fd')
    .map(Number)
    .filter((number) => number >= FIRST && isHandedOn(number))
  return { numbers, nothing, [Symbol.dispose]: () => closeSync(nothing) }
}

function isHandedOn(number: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
  } catch {
    return false // it was the one that listed the folder
  }
}

/** The child has /dev/null where it would have a stray. */
export function coverStrays(stdio: (StdioNull | StdioPipe | number)[], { numbers, nothing }: Strays): (StdioNull | StdioPipe | number)[] {
  const covered = [...stdio]
  for (const number of numbers) {
    while (covered.length < number) covered.push('ignore') // above 2 this opens nothing
    covered[number] = nothing
  }
  return covered
}
