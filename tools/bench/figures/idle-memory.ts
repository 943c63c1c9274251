import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { newFolder } from '../places.ts'
import { startServerProcess } from '../server.ts'

const SETTLE = 8000 // ms
const PAGES = ['/', '/health/live', '/api/openapi.json', '/api/v1/runs']

export const idleMemory: Figure = {
  name: 'idle-memory',
  title: 'Idle memory of the server (PSS), plugins idle',
  target: { is: 'most', value: 180, unit: 'MB' },
  async measure() {
    using home = newFolder()
    await using server = await startServerProcess(home.path)
    for (const page of PAGES) await (await fetch(`${server.address}${page}`)).arrayBuffer()
    await sleep(SETTLE)
    const bare = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' })
    try {
      await sleep(500)
      return {
        value: proportional(server.pid),
        floor: { what: 'a Node process that waits', value: proportional(bare.pid ?? 0) },
        note: `${SETTLE / 1000} s after the start, the pages / and /api/docs’ description asked for once, no plugin process running`,
      }
    } finally {
      bare.kill()
    }
  },
}

/** Megabytes of memory, what is shared counted by its share. Linux only. */
function proportional(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
  if (kilobytes === undefined) throw new Error('this system does not tell the memory of a process')
  return (Number(kilobytes) * 1024) / 1e6
}
