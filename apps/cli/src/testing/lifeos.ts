import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPlugins } from '../../../../tools/build/plugins.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
const program = join(root, 'tools', 'bin', 'lifeos.mjs')

export interface Outcome {
  code: number | null
  out: string
  err: string
}
export interface Machine extends Disposable {
  /** What LIFEOS_HOME says. */
  home: string
  /** A folder to act on. */
  work: string
  lifeos(...args: string[]): Promise<Outcome>
  /** The same with something on standard input. */
  fed(input: string, ...args: string[]): Promise<Outcome>
  /** The process itself, for signals and for what it says meanwhile. */
  begin(...args: string[]): { child: ChildProcess; ended: Promise<Outcome>; said(pattern: RegExp): Promise<RegExpExecArray> }
}

/** A temporary machine: own home, own work folder, the command line as a real process. */
export async function machine(): Promise<Machine> {
  await buildPlugins({ root, out: join(root, 'dist') })
  const base = mkdtempSync(join(tmpdir(), 'lifeos-cli-'))
  const home = join(base, 'home')
  const begin: Machine['begin'] = (...args) => launch('ignore', args)
  const launch = (input: 'ignore' | 'pipe', args: string[]) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: base,
      env: { ...process.env, LIFEOS_HOME: home, HOME: base, NO_COLOR: '1' },
      stdio: [input, 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    const waiting = new Set<() => void>()
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      for (const look of waiting) look()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString()
      for (const look of waiting) look()
    })
    const ended = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, out, err })))
    const said = (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(out + err)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        void ended.then(() => reject(new Error(`it ended without saying ${pattern}: ${out}${err}`)))
        look()
      })
    return { child, ended, said }
  }
  return {
    home,
    work: join(base, 'work'),
    begin,
    lifeos: (...args) => begin(...args).ended,
    fed(input, ...args) {
      const { child, ended } = launch('pipe', args)
      child.stdin?.end(input)
      return ended
    },
    [Symbol.dispose]: () => rmSync(base, { recursive: true, force: true }),
  }
}

/** The one JSON document that a command printed. */
export function document<T>({ out, err }: Outcome): T {
  try {
    return JSON.parse(out) as T // what the command's own contract says
  } catch {
    throw new Error(`no JSON document: ${out}${err}`)
  }
}
