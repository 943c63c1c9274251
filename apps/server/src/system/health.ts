import { access, constants, statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Health, Isolation } from '@life-os/contract'
import type { Kernel } from '../kernel.ts'

type Check = Health['checks'][number]
const LEAST_FREE = 500 * 1024 ** 2 // bytes
const PATIENCE = 1500 // ms that providers of models are waited for

/** How Life-OS is, from looking: store, folder, disk, plugins. */
export async function healthOf(kernel: Kernel): Promise<Health> {
  const { runs, store, home, version, startedAt, plugins } = kernel
  const [storeCheck, folderCheck, diskCheck, models, running, waiting] = await Promise.all([
    checkStore(kernel),
    checkFolder(home),
    checkDisk(home),
    checkModels(kernel),
    countRuns(kernel, ['previewing', 'queued', 'running']),
    countRuns(kernel, ['waiting']),
  ])
  const checks = [storeCheck, folderCheck, diskCheck, isolationCheck(kernel.sandbox.isolation), models, ...plugins.list().map(pluginCheck)]
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

/** Without any model Life-OS still works where rules suffice, so that this is something to know and nothing to mend. */
async function checkModels({ models }: Kernel): Promise<Check> {
  const name = 'Models'
  const providers = await Promise.race([models.providers(false).catch(() => []), sleep(PATIENCE, null, { ref: false })])
  if (!providers) return { name, ok: true, message: 'being asked; look again in a moment' }
  const ready = providers.filter(({ state, models: count }) => state === 'ready' && count > 0)
  const broken = providers.filter(({ state, detected }) => !detected && (state === 'refused' || state === 'unreachable'))
  const words = ready.map(
    ({ name: provider, local, models: count }) =>
      `${provider} (${local ? 'here' : 'cloud'}, ${count === 1 ? '1 model' : `${count} models`})`,
  )
  if (broken.length > 0 && ready.length === 0)
    return {
      name,
      ok: false,
      message: broken.map(({ reason, name: provider }) => reason ?? `${provider} does not answer`).join(' '),
      mend: 'lifeos models providers',
    }
  if (ready.length === 0)
    return { name, ok: true, message: 'none: what needs one says so. Start Ollama or LM Studio, or add a key: lifeos models add openai' }
  return { name, ok: true, message: words.join(', ') }
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
