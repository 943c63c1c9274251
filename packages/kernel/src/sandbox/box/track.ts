import type { ChildProcess } from 'node:child_process'
import type { Duplex } from 'node:stream'
import type { Group } from '../limits/groups.ts'
import { allGone, familyOf } from './members.ts'
import type { Box, BoxEnd } from './types.ts'

/** Follows a child that was spawned with the gate on descriptor 4: lets it in, knows when all of it is gone, kills it. */
export function track(child: ChildProcess, group: Group): Box {
  const entered = Promise.withResolvers<boolean>()
  let over = false
  let killed = false
  let members: ReturnType<typeof familyOf> = []
  const gate = child.stdio[4] as Duplex // spawned as 'pipe'
  gate.on('error', () => undefined) // it is gone: `ended` tells
  gate.once('data', (said: Buffer) => {
    const ready = !killed && said.toString() === 'ready\n'
    members = familyOf(child.pid) // all that there is before the program: what it starts dies with its init
    if (ready) gate.write('go\n')
    else killAll(child.pid)
    entered.resolve(ready)
  })
  const gone = new Promise<BoxEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  const ended = gone.then(async (end) => {
    over = true
    entered.resolve(false)
    await allGone(members)
    await group.remove()
    return end
  })
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout!, // spawned as 'pipe', as is the next
    stderr: child.stderr!,
    pipe: child.stdio[3] as Duplex | null, // the fourth of the descriptors asked for
    entered: entered.promise,
    ended,
    ranOutOfMemory: () => group.ranOut(),
    kill() {
      killed = true
      if (!over) killAll(child.pid)
    },
  }
}

/** Until the program is let in, all processes of the box are in the group that its first one leads; from then on they die with their init, which is in it. */
function killAll(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already: that is what was wanted.
  }
}
