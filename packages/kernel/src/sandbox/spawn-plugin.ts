import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import path from 'node:path'
import type { Duplex, Readable } from 'node:stream'

import type { PluginProcess, SpawnPlugin } from './types.ts'

/** Node's permissions: the SDK and the plugin's own folder can be read, and nothing else is allowed. `memory`: MiB of heap. */
export function nodeFlags({ sdk, folder, memory }: { sdk: string; folder: string; memory: number }): string[] {
  return [
    '--permission',
    `--allow-fs-read=${sdk}`,
    `--allow-fs-read=${folder}`,
    `--max-old-space-size=${memory}`,
    '--max-semi-space-size=8',
    '--no-warnings',
    '--disable-sigusr1', // no inspector by signal
  ]
}

/**
 * Starts a plugin with nothing: an empty environment, no standard input, its own session and process group, Node's
 * permissions with its own folder and the SDK readable and nothing else. These permissions are the second wall only: they
 * follow links that exist already and know nothing of the network (https://nodejs.org/api/permissions.html); the
 * first wall, bubblewrap, is `createSandbox`, which falls back to this where there is none.
 */
export const spawnPlugin: SpawnPlugin = ({ runtime, folder, entry, memory }) => {
  const own = realpathSync(folder)
  const program = realpathSync(runtime)
  const flags = nodeFlags({ sdk: path.dirname(program), folder: own, memory })
  const child = spawn(process.execPath, [...flags, program, path.join(own, entry)], {
    cwd: own,
    // NODE_V8_COVERAGE is handed down by Node itself unless it is named here.
    env: process.env['NODE_V8_COVERAGE'] === undefined ? {} : { NODE_V8_COVERAGE: undefined },
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const exited: PluginProcess['exited'] = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  return {
    pid: child.pid,
    pipe: child.stdio[3] as Duplex, // 'pipe' above makes it one
    stdout: child.stdio[1] as Readable, // likewise
    stderr: child.stdio[2] as Readable, // likewise
    exited,
    kill: () => killGroup(child.pid),
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // The group is gone already: that is what was wanted.
  }
}
