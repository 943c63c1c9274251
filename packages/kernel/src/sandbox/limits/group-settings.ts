import { existsSync } from 'node:fs'
import path from 'node:path'
import type { BoxLimits } from '../box/plan.ts'
import type { Hierarchy } from './hierarchies.ts'

/** Bubblewrap outside, its init inside and the shell between them count too. */
const OWN_PROCESSES = 4
const PERIOD = 100_000 // µs, over which CPU is counted

/** Files and what to write to them, in order (linux/Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst). */
export function settingsFor({ version, controllers, folder }: Hierarchy, { memory, pids, cpu }: BoxLimits): [string, string][] {
  const settings: [string, string][] = []
  const has = (file: string) => existsSync(path.join(folder, file))
  const quota = cpu === null ? null : Math.max(1000, Math.round(cpu * PERIOD))
  if (controllers.includes('memory')) {
    settings.push([version === 2 ? 'memory.max' : 'memory.limit_in_bytes', String(memory)])
    if (has('memory.memsw.limit_in_bytes')) settings.push(['memory.memsw.limit_in_bytes', String(memory)]) // with swap
    if (has('memory.swap.max')) settings.push(['memory.swap.max', '0'])
    if (has('memory.oom.group')) settings.push(['memory.oom.group', '1'])
  }
  if (controllers.includes('pids')) settings.push(['pids.max', String(pids + OWN_PROCESSES)])
  if (controllers.includes('cpu') && quota !== null) {
    if (version === 2) settings.push(['cpu.max', `${quota} ${PERIOD}`])
    else settings.push(['cpu.cfs_period_us', String(PERIOD)], ['cpu.cfs_quota_us', String(quota)])
  }
  return settings
}
