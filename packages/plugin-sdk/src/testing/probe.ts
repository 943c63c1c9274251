import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

/** What loading a plugin did, seen from a process of its own. */
export interface ProbeReport {
  /** Network, processes and timers that loading reached for, by name. */
  reached: string[]
  /** Present when the code could not be loaded. */
  error?: string
  /** The process ended by itself after `stop`: nothing was left running. */
  unloaded: boolean
}

const PATIENCE = 10_000

/** Loads a plugin's source in a child process with watched network and process functions, stops it and waits for the end. */
export async function probeLoading(folder: string, entry: string): Promise<ProbeReport> {
  const child = spawn(
    process.execPath,
    ['--no-warnings', fileURLToPath(new URL('./probe-child.ts', import.meta.url)), path.join(folder, entry)],
    {
      cwd: folder,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let out = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  let killed = false
  const timer = setTimeout(() => (killed = child.kill('SIGKILL')), PATIENCE)
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  const line = out.split('\n').findLast((text) => text.startsWith('{"probe":'))
  if (line === undefined) return { reached: [], error: errors.slice(-2000) || 'loading did not finish', unloaded: false }
  const { probe } = JSON.parse(line) as { probe: Omit<ProbeReport, 'unloaded'> } // written by probe-child.ts
  return { ...probe, unloaded: !killed }
}
