import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createSandbox } from './create.ts'
import type { ExecOutcome, ExecRequest, Sandbox } from './types.ts'

/** Whether this machine makes boxes; tests that need one are skipped where it does not, with the reason in their name. */
export async function openSandbox(): Promise<Sandbox> {
  return createSandbox()
}

/** A folder under the system's place for temporary files, as boxes want it: without links. */
export function openFolder(name = 'life-os-box-'): { path: string } & Disposable {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), name)))
  return { path: folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
export const calm = () => new AbortController().signal

/** A request with nothing in it but a program. */
export function request(program: string, args: readonly string[] = [], more: Partial<ExecRequest> = {}): ExecRequest {
  return {
    program,
    args,
    cwd: '/work',
    mounts: [],
    env: {},
    stdin: null,
    proxy: null,
    ...more,
    limits: { time: 20_000, memory: 256, pids: 32, output: 65_536, ...more.limits },
  }
}

export async function run(
  sandbox: Sandbox,
  asked: ExecRequest,
): Promise<Omit<ExecOutcome, 'stdout' | 'stderr'> & { stdout: string; stderr: string }> {
  const outcome = await sandbox.exec(asked, calm())
  return { ...outcome, stdout: text(outcome.stdout), stderr: text(outcome.stderr) }
}

/** Processes of this machine whose command line holds a mark. */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid && commandLine(pid).includes(mark))
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // it went meanwhile
  }
}

export { fileRows } from './escapes/files.ts'
export { kernelRows } from './escapes/kernel.ts'
export { MACHINES } from './seccomp/calls.ts'
