import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Figure } from '../figure.ts'
import { benchPlugins } from '../kernel.ts'
import { newFolder, newMemoryFolder } from '../places.ts'

const RUNS = 100
const STEPS = 200
const PATIENCE = 30_000 // ms
const program = fileURLToPath(new URL('../going.ts', import.meta.url))

interface Going {
  sinceRecover: number
  sinceStart: number
}

export const crashRecovery: Figure = {
  name: 'crash-recovery',
  title: '100 unfinished runs after kill -9: all going again',
  target: { is: 'most', value: 1000, unit: 'ms' },
  why: 'Each run reads its journal, asks the disk about its cut-off step and calls its plugin, which starts anew.',
  async measure() {
    await benchPlugins()
    using home = newFolder()
    using folder = newMemoryFolder()
    await untilGoing('begin', home.path, folder.path)
    const { sinceRecover, sinceStart } = await untilGoing('recover', home.path, folder.path)
    return {
      value: sinceRecover,
      floor: { what: 'starting the process and opening the folder', value: sinceStart - sinceRecover },
      note: `from the start of recovery until each of ${RUNS} killed runs has begun its next effect; ${Math.round(sinceStart)} ms since the program began`,
    }
  },
}

/** Runs the program until all runs have an effect on disk, then kills it. */
async function untilGoing(order: 'begin' | 'recover', home: string, folder: string): Promise<Going> {
  const child = spawn(process.execPath, [program, JSON.stringify({ do: order, home, folder, runs: RUNS, steps: STEPS })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  try {
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Going // what the program says
    throw new Error(`not all of ${RUNS} runs were going within ${PATIENCE / 1000} s (${order})`)
  } finally {
    clearTimeout(late)
    child.kill('SIGKILL')
    await ended
  }
}
