import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** A process: its number is given again some day, when it began is not. */
interface Member {
  pid: number
  began: string
}
/** Milliseconds; a process that hangs in the kernel is not waited for any longer. */
const PATIENCE = 3000
const STEP = 2

/** A process and all that come from it, while it lives. Empty where /proc tells nothing of children. */
export function familyOf(pid: number | undefined): Member[] {
  const began = pid === undefined ? null : beganAt(pid)
  if (pid === undefined || began === null) return []
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean)
  return [{ pid, began }, ...children.flatMap((child) => familyOf(Number(child)))]
}

/**
 * Resolves when all of them have ended. The init of a box is among them, and the kernel lets that end only after everything
 * in the box: bubblewrap itself is gone some milliseconds before, while what was left behind still writes.
 */
export async function allGone(members: readonly Member[]): Promise<void> {
  const last = Date.now() + PATIENCE
  while (members.some(({ pid, began }) => beganAt(pid) === began) && Date.now() < last) await wait(STEP)
}

/** In clock ticks since the machine started; null when it has ended, collected or not. proc(5), `stat`. */
function beganAt(pid: number): string | null {
  const text = textOf(`/proc/${pid}/stat`)
  const [state = 'X', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return text === '' || 'ZX'.includes(state) ? null : (fields[18] ?? null)
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return '' // it went meanwhile
  }
}
