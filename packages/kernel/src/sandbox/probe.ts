import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { launch } from './box/launch.ts'
import type { Maker } from './box/types.ts'
import type { Identity } from './identity.ts'
import { createOutput } from './output.ts'

const PATIENCE = 5000
const MIB = 1024 ** 2

/** Runs nothing in a box with every wall up; the reason it could not, or null. */
export async function probe(maker: Maker, identity: Identity | null): Promise<string | null> {
  try {
    const box = launch(maker, {
      identity,
      pipe: false,
      stdin: false,
      plan: {
        system: 'all',
        mounts: [],
        files: [],
        scratch: [{ to: '/tmp', size: MIB }],
        cwd: '/tmp',
        env: {},
        program: ['/usr/bin/true'],
        proxy: null,
        limits: { memory: 64 * MIB, data: 64 * MIB, pids: 8, cpu: 1, cpuTime: 10, fileSize: MIB },
      },
    })
    const output = createOutput({ streams: box, limit: 4096, onOutput: undefined, onFlood: () => box.kill() })
    const timer = setTimeout(() => box.kill(), PATIENCE)
    const { code, error } = await box.ended
    clearTimeout(timer)
    if (error) return error.message
    await output.finished(PATIENCE)
    const said = Buffer.from(output.taken().stderr).toString().trim()
    return code === 0 ? null : said || `it ended with code ${code}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The command that most likely makes boxes possible here. */
export function mendFor(missing: string | null): string | null {
  if (process.platform !== 'linux') return null
  if (missing !== null) return missing === 'bwrap' ? 'apt-get install bubblewrap' : 'apt-get install bubblewrap util-linux'
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') return 'sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'
  if (setting('kernel/unprivileged_userns_clone') === '0') return 'sysctl -w kernel.unprivileged_userns_clone=1'
  if (setting('user/max_user_namespaces') === '0') return 'sysctl -w user.max_user_namespaces=15000'
  return 'lifeos doctor'
}

function setting(name: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim()
  } catch {
    return undefined // this kernel has no such setting
  }
}

/** Whether it has --bind-fd. */
export const knowsPins = (bubblewrap: string) =>
  new Promise<boolean>((resolve) => execFile(bubblewrap, ['--help'], { env: {} }, (_, help) => resolve(help.includes('--bind-fd'))))
