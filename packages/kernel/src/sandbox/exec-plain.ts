import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { boxFailed, programMissing } from './faults.ts'
import { collect } from './collect.ts'
import type { ExecOutcome, ExecRequest } from './types.ts'

const PATH = '/usr/local/bin:/usr/bin:/bin'

/**
 * Runs a command that a person approved to run without a box: as the server's own user, with everything that user can reach.
 * Time and output are limited, and it inherits no environment; of its mounts only the working folder has a meaning.
 */
export async function execPlain(request: ExecRequest, signal: AbortSignal): Promise<ExecOutcome> {
  if (request.proxy !== null) throw boxFailed('a command that reaches the network needs a box')
  const work = mkdtempSync(path.join(tmpdir(), 'life-os-work-'))
  try {
    const child = spawn(request.program, [...request.args], {
      cwd: outside(request, work),
      env: { PATH, HOME: work, TMPDIR: work, LANG: 'C.UTF-8', ...request.env },
      detached: true,
      windowsHide: true,
      stdio: [request.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    return await collect({
      request,
      signal,
      entered: Promise.resolve(true),
      ended: new Promise((resolve, reject) => {
        child.once('error', (error: NodeJS.ErrnoException) =>
          reject(error.code === 'ENOENT' ? programMissing(request.program) : boxFailed(error.message)),
        )
        child.once('exit', (code, gone) => resolve({ code, signal: gone }))
      }),
      streams: { stdin: child.stdin, stdout: child.stdout!, stderr: child.stderr! }, // asked for as pipes
      ranOutOfMemory: () => false,
      kill: () => killGroup(child.pid),
    })
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** The folder that a mount shows as the working folder. */
function outside({ cwd, mounts }: ExecRequest, work: string): string {
  const mount = mounts.filter(({ to }) => cwd === to || cwd.startsWith(`${to}/`)).toSorted((a, b) => b.to.length - a.to.length)[0]
  return mount ? path.join(mount.from, path.relative(mount.to, cwd)) : work
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
