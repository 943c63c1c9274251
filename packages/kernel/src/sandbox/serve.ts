import { launch } from './box/launch.ts'
import type { ExecBoxes } from './exec.ts'
import { servePlan } from './exec-box.ts'
import type { ServedProcess, ServeRequest } from './types.ts'

/** A box that does not stand after this many milliseconds never will. */
const SET_UP = 15_000

/** Starts a program that is spoken with on its standard streams until it ends or is killed. Errors: those of `Sandbox.exec`. */
export function serveInBox({ maker, identity, users }: ExecBoxes, request: ServeRequest): ServedProcess {
  const box = launch(maker, { plan: servePlan(request, users), identity, pipe: false, stdin: true })
  const clock = setTimeout(() => box.kill(), SET_UP)
  void box.entered.then(() => clearTimeout(clock))
  return {
    pid: box.pid,
    stdin: box.stdin!, // asked for above
    stdout: box.stdout,
    stderr: box.stderr,
    entered: box.entered,
    ended: box.ended,
    ranOutOfMemory: () => box.ranOutOfMemory(),
    kill: () => box.kill(),
  }
}
