// A Life-OS for one test, as a person starts it: a process of its own, a new data folder, a free port.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const PROGRAM = path.join(root, 'apps', 'server', 'src', 'main.ts')
const LAST_LINE = 'Ctrl-C stops it'

export interface LifeOs extends AsyncDisposable {
  /** The made-up person's home folder. */
  readonly home: string
  readonly address: string
  /** Starts it on the same folder and port; answers what it printed. */
  start(): Promise<string[]>
  /** The one-time link that the last start printed. */
  link(): string
  /** kill -9. */
  kill(): Promise<void>
}

/** `env`: more of its environment, such as where Ollama listens. */
export async function createLifeOs(env: Readonly<Record<string, string>> = {}): Promise<LifeOs> {
  const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-e2e-')))
  const home = path.join(base, 'ada')
  for (const folder of ['Documents', 'Downloads']) mkdirSync(path.join(home, folder), { recursive: true })
  const port = await freePort()
  let child: ChildProcess | undefined
  let printed: string[] = []

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill(signal)
    await ended
  }

  return {
    home,
    address: `http://127.0.0.1:${port}`,
    async start() {
      child = spawn(process.execPath, [PROGRAM, '--port', String(port), '--no-open'], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOME: home, LIFEOS_HOME: path.join(home, '.life-os'), ...env },
      })
      printed = await untilReady(child)
      return printed
    },
    link() {
      const link = printed.map((line) => /^Sign in .*: (http\S+)$/.exec(line)?.[1]).find((found) => found !== undefined)
      if (link === undefined) throw new Error(`no link was printed:\n${printed.join('\n')}`)
      return link
    },
    kill: () => end('SIGKILL'),
    async [Symbol.asyncDispose]() {
      await end('SIGTERM')
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** The lines up to the last one of a start; throws with all that was said when the process ends before. */
async function untilReady(child: ChildProcess): Promise<string[]> {
  const lines: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
  for await (const line of createInterface({ input: child.stdout! })) {
    // spawned with a pipe
    lines.push(line)
    if (line.startsWith(LAST_LINE)) {
      child.stdout?.resume() // what it says later must not fill the pipe
      return lines
    }
  }
  throw new Error(`Life-OS did not start:\n${lines.join('\n')}`)
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const place = probe.address()
  probe.close()
  await once(probe, 'close')
  if (place === null || typeof place === 'string') throw new Error('a TCP server has an address with a port')
  return place.port
}
