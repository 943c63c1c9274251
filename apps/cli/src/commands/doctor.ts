import { access, constants, readdir, stat, statfs } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import { findProgram } from '@life-os/kernel/browser'
import { BUILD, databaseFrom, notedAddress, WEB } from '@life-os/server/places'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { bytes } from '../output/units.ts'
import type { Command, Session } from '../session.ts'

export interface Finding {
  name: string
  ok: boolean
  message: string
  mend?: string
}

/** Where things are, what is there, what is missing and the command that mends it. Works also where Life-OS cannot start. */
export const doctor: Command = async (session) => {
  const { io, paint } = session
  const findings = [...(await here(session.home)), ...(await inside(session))]
  if (io.json) io.out(JSON.stringify({ ok: findings.every(({ ok }) => ok), findings }))
  else {
    for (const line of table(findings.map(({ name, ok, message }) => [ok ? paint('green', '✓') : paint('red', '✗'), name, message])))
      io.out(line)
    const faults = findings.filter(({ ok }) => !ok)
    for (const { name, mend } of faults) if (mend) io.out(`${paint('amber', `Mend ${name}:`)} ${mend}`)
    io.out(faults.length === 0 ? paint('bold', 'Everything is in order.') : paint('bold', `${faults.length} to mend.`))
  }
  return findings.every(({ ok }) => ok) ? EXIT.done : EXIT.failed
}

/** What can be seen without opening anything. */
async function here(home: string): Promise<Finding[]> {
  const exists = existsSync(home)
  const writable =
    exists &&
    (await access(home, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    ))
  const disk = exists ? await statfs(home).catch(() => undefined) : undefined
  const free = disk && disk.bavail * disk.bsize
  return [
    {
      name: 'Node',
      ok: Number(process.versions.node.split('.')[0]) >= 24,
      message: `${process.version} at ${process.execPath}`,
      mend: 'npm start (gets a new enough Node for Life-OS alone)',
    },
    {
      name: 'Data folder',
      ok: !exists || writable,
      message: exists ? `${home} (${bytes(await sizeOf(home))})` : `${home} (made at the first start)`,
      mend: `chmod u+rwx ${JSON.stringify(home)}`,
    },
    {
      name: 'Free space',
      ok: free === undefined || free > 500e6,
      message: free === undefined ? 'not told' : bytes(free),
      mend: 'Empty the trash in Life-OS, or free some space.',
    },
    {
      name: 'Database',
      ok: true,
      message: databaseFrom(process.env) ? 'PostgreSQL, from LIFEOS_DATABASE_URL' : join(home, 'lifeos.sqlite'),
    },
    { name: 'Logs', ok: true, message: join(home, 'logs') },
    { name: 'Plugins', ok: existsSync(join(BUILD, 'plugins')), message: join(BUILD, 'plugins'), mend: 'npm run build' },
    { name: 'Web app', ok: existsSync(join(WEB, 'index.html')), message: WEB, mend: 'npm run build' },
    { name: 'PostgreSQL', ok: true, message: onPath('psql') ?? 'not installed (optional: apt-get install postgresql)' },
    { name: 'Chromium', ok: true, message: browserHere() },
  ]
}

/** Chromium, Chrome or Edge, as the browser tools look for it. Without one the rest of Life-OS works. */
function browserHere(): string {
  try {
    return findProgram()
  } catch (error) {
    if (error instanceof LifeOsError) return `not installed (optional). ${error.message}`
    throw error
  }
}

/** What only the running Life-OS, or this process as its owner, can tell. */
async function inside(session: Session): Promise<Finding[]> {
  try {
    const { client, owns } = await session.backend()
    const [health, audit] = await Promise.all([client.system.health(), client.audit.verify()])
    const address = owns ? undefined : notedAddress(session.home)
    return [
      { name: 'Server', ok: true, message: address ?? (owns ? 'not running (lifeos start)' : 'a command owns the folder now') },
      ...health.checks.filter(
        ({ name }) => name === 'Isolation' || name === 'Models' || name.startsWith('Plugin ') || name.startsWith('Database'),
      ),
      {
        name: 'Emergency stop',
        ok: !health.emergencyStop,
        message: health.emergencyStop ? 'set: no effect happens' : 'not set',
        mend: 'lifeos stop --lift',
      },
      {
        name: 'Audit',
        ok: audit.ok,
        message: audit.head ? `${audit.message} Head ${audit.head}` : audit.message,
        mend: 'Restore a copy from the backups folder; what was changed cannot be told from here.',
      },
    ]
  } catch (error) {
    const message = error instanceof LifeOsError || error instanceof Error ? error.message : String(error)
    return [{ name: 'Life-OS', ok: false, message, mend: 'Do what the line above says, then run lifeos doctor again.' }]
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((total, size) => total + size, 0)
}

const onPath = (program: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))
