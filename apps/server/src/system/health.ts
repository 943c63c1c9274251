import { access, constants, statfs } from 'node:fs/promises'
import type { Health, Isolation } from '@life-os/contract'
import type { Kernel } from '../kernel.ts'

type Check = Health['checks'][number]
const LEAST_FREE = 500 * 1024 ** 2 // bytes

/** How Life-OS is, from looking: store, folder, disk, plugins. */
export async function healthOf(kernel: Kernel): Promise<Health> {
  const { runs, store, home, version, startedAt, plugins } = kernel
  const [storeCheck, folderCheck, diskCheck, running, waiting] = await Promise.all([
    checkStore(kernel),
    checkFolder(home),
    checkDisk(home),
    countRuns(kernel, ['previewing', 'queued', 'running']),
    countRuns(kernel, ['waiting']),
  ])
  const checks = [storeCheck, folderCheck, diskCheck, isolationCheck(kernel.sandbox.isolation), ...plugins.list().map(pluginCheck)]
  const stopped = runs.stopped()
  const sound = storeCheck.ok && folderCheck.ok && diskCheck.ok
  return {
    status: !sound ? 'unwell' : stopped ? 'stopped' : 'ready',
    version,
    home,
    store: store.dialect,
    uptime: Date.now() - startedAt,
    emergencyStop: stopped,
    running,
    waiting,
    checks,
  }
}

async function countRuns({ store }: Kernel, states: string[]): Promise<number> {
  const row = await store.db
    .selectFrom('runs')
    .select((select) => select.fn.countAll().as('count'))
    .where('state', 'in', states)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

async function checkStore({ store }: Kernel): Promise<Check> {
  const name = store.dialect === 'sqlite' ? 'Database (SQLite)' : 'Database (PostgreSQL)'
  try {
    await store.db.selectFrom('settings').select('key').limit(1).execute()
    return { name, ok: true, message: 'answers' }
  } catch (error) {
    return { name, ok: false, message: error instanceof Error ? error.message : String(error), mend: 'lifeos doctor' }
  }
}

async function checkFolder(home: string): Promise<Check> {
  const writable = await access(home, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
  return {
    name: 'Data folder',
    ok: writable,
    message: writable ? home : `${home} cannot be written`,
    ...(!writable && { mend: `chmod u+rwx ${JSON.stringify(home)}` }),
  }
}

async function checkDisk(home: string): Promise<Check> {
  const space = await statfs(home).catch(() => undefined)
  if (!space) return { name: 'Disk', ok: true, message: 'free space is not told here' }
  const free = space.bavail * space.bsize
  const text = `${(free / 1024 ** 3).toFixed(1)} GB free`
  return free >= LEAST_FREE
    ? { name: 'Disk', ok: true, message: text }
    : { name: 'Disk', ok: false, message: text, mend: 'Empty the trash in Life-OS, or free some space.' }
}

/** Something to mend only where boxes could be: elsewhere Node's permissions are all there is. */
function isolationCheck({ level, reason, mend, uid, cgroup }: Isolation): Check {
  const name = 'Isolation'
  const limits = cgroup ? 'memory, processes and CPU limited as a whole' : 'limits for each process alone'
  if (level === 'bubblewrap') return { name, ok: true, message: `Plugins are shut in boxes (bubblewrap, uid ${uid}, ${limits})` }
  const message = `Plugins have only Node's permissions, and commands are refused unless you approve each one: ${reason ?? 'no reason known'}`
  return mend === null ? { name, ok: true, message } : { name, ok: false, message, mend }
}

function pluginCheck({ manifest, state, reason }: ReturnType<Kernel['plugins']['list']>[number]): Check {
  const ok = state !== 'refused' && state !== 'quarantined' && state !== 'crashed'
  const mend = state === 'quarantined' ? { mend: `Enable ${manifest.name} again on the Plugins page.` } : {}
  return { name: `Plugin ${manifest.id}`, ok, message: reason ?? state, ...mend }
}
