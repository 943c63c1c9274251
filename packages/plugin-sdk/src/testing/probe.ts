import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** What loading a plugin did, seen from a process of its own. */
export interface ProbeReport {
  /** Network, processes and timers that loading reached for, by name. */
  reached: string[]
  /** Present when the code could not be loaded. */
  error?: string
  /** The process ended by itself after `stop`: nothing was left running. */
  unloaded: boolean
}

/** A process that runs `probe-child.ts`, started by whoever knows how it is shut in. */
export interface ProbeProcess {
  readonly stdout: Readable
  readonly stderr: Readable
  readonly exited: Promise<unknown>
  kill(): void
}

const PATIENCE = 10_000
const PRINTED = 256 * 1024
const Report = z.object({ probe: z.object({ reached: z.array(z.string()), error: z.string().optional() }) })

/** Waits for the end of a probe and reads what it says; one that does not end is killed. */
export async function reportOfProbe(child: ProbeProcess): Promise<ProbeReport> {
  const [out, errors] = [collect(child.stdout), collect(child.stderr)]
  let killed = false
  const timer = setTimeout(() => {
    killed = true
    child.kill()
  }, PATIENCE)
  await child.exited
  clearTimeout(timer)
  await Promise.all([out.done, errors.done])
  const said = Report.safeParse(
    jsonOf(
      out
        .text()
        .split('\n')
        .findLast((line) => line.startsWith('{"probe":')) ?? '',
    ),
  )
  if (!said.success) return { reached: [], error: errors.text().slice(-2000) || 'loading did not finish', unloaded: false }
  const { reached, error } = said.data.probe
  return { reached, ...(error !== undefined && { error }), unloaded: !killed }
}

/** Loads a plugin's source in a child process with watched network and process functions, stops it and waits for the end. */
export function probeLoading(folder: string, entry: string): Promise<ProbeReport> {
  const program = fileURLToPath(new URL('./probe-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--no-warnings', program, path.join(folder, entry)], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise((resolve) => child.once('close', resolve))
  return reportOfProbe({ stdout: child.stdout, stderr: child.stderr, exited, kill: () => void child.kill('SIGKILL') })
}

function collect(stream: Readable): { text(): string; done: Promise<unknown> } {
  let text = ''
  stream.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-PRINTED)))
  const done = new Promise((resolve) => stream.once('close', resolve).once('error', resolve))
  return { text: () => text, done }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
