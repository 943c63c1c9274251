import { spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LifeOsError } from '@life-os/contract'
import { askOwner } from './ask-owner.ts'
import { PROGRAM } from './places.ts'
import type { RunningServer } from './ask-owner.ts'

const LONGEST = 20_000 // ms
const PAUSE = 50 // ms

/** Starts the server as a process of its own and waits until it answers. Errors: `start-failed` with what it last said. */
export async function startInBackground(home: string, args: readonly string[]): Promise<RunningServer & { pid: number | undefined }> {
  const folder = join(home, 'logs')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const log = openSync(join(folder, 'start.log'), 'w', 0o600)
  const child = spawn(process.execPath, [PROGRAM, ...args, '--no-open'], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LIFEOS_HOME: home },
  })
  let ended: number | null | undefined
  child.once('exit', (code) => {
    ended = code
  })
  child.unref()
  for (const until = Date.now() + LONGEST; Date.now() < until;) {
    const running = ended === undefined ? await askOwner(home) : undefined
    if (running) return { ...running, pid: child.pid }
    if (ended !== undefined) break
    await sleep(PAUSE)
  }
  throw new LifeOsError('start-failed', `Life-OS did not start in the background. What it said: ${join(folder, 'start.log')}`, {
    class: 'operational',
  })
}
