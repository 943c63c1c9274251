import fs from 'node:fs'
import path from 'node:path'
import tls from 'node:tls'
import type { Sandbox } from '../../sandbox/types.ts'
import type { Stage } from '../exec/stage.ts'

const SETTINGS = '/settings'
const REPOSITORY = '/repository'

/** The certificates that Life-OS trusts, and those of the system, which git would: one set, whatever git was built with. */
export function writeSettings(stage: Stage) {
  const folder = stage.make('settings')
  const keep = (name: string, text: string): void => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, text, { mode: 0o444 })
    stage.give(file)
  }
  keep('gitconfig', '[safe]\n\tdirectory = *\n') // a repository's owner is another than the box's user
  keep('authorities.pem', [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])].join('\n'))
  return { folder, to: SETTINGS, files: { configuration: `${SETTINGS}/gitconfig`, authorities: `${SETTINGS}/authorities.pem` } }
}

/** A repository of this machine as a box sees it: itself, or a copy where it holds what the box may not read or must not see. */
export async function showRepository(stage: Stage, identity: Sandbox['identity'], asked: string, most: number) {
  const folder = await fs.promises.realpath(asked).catch(() => '')
  if (![path.join(folder, '.git'), path.join(folder, 'HEAD')].some((file) => folder !== '' && fs.existsSync(file)))
    throw new Error(`there is no git repository at ${asked} on the machine that Life-OS runs on.`)
  const shown = { to: REPOSITORY, access: 'read' as const }
  if ((!identity || isReachable(folder)) && (await canBeShown(folder, identity !== null))) return { from: folder, ...shown }
  const copy = stage.make('repository')
  await copyTree(folder, copy, { left: most }, stage)
  return { from: copy, ...shown }
}

/** Whether everybody may walk to it. */
function isReachable(folder: string): boolean {
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    if ((fs.statSync(above).mode & 0o001) === 0) return false
    if (above === path.dirname(above)) return true
  }
}

/** No socket, pipe or device in it, and where boxes have a uid of their own, everybody may read it. Where links lead is in no box. */
async function canBeShown(folder: string, byOthers: boolean): Promise<boolean> {
  const denied = async (at: string, bits: number) => byOthers && ((await fs.promises.lstat(at)).mode & bits) !== bits
  if (await denied(folder, 0o005)) return false
  for (const entry of await fs.promises.readdir(folder, { withFileTypes: true })) {
    const at = path.join(folder, entry.name)
    if (entry.isSymbolicLink()) continue
    if (entry.isDirectory() ? !(await canBeShown(at, byOthers)) : !entry.isFile() || (await denied(at, 0o004))) return false
  }
  return true
}

/** Files and folders alone. */
async function copyTree(from: string, to: string, room: { left: number }, stage: Stage): Promise<void> {
  for (const entry of await fs.promises.readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)]
    if (entry.isDirectory()) {
      await fs.promises.mkdir(target, { mode: 0o755 })
      await copyTree(source, target, room, stage)
    } else if (entry.isFile()) await copyFile(source, target, room)
    else continue
    stage.give(target)
  }
}

async function copyFile(source: string, target: string, room: { left: number }): Promise<void> {
  await using handle = await fs.promises.open(source, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK)
  room.left -= (await handle.stat()).size
  if (room.left < 0) throw new Error('the repository is too large to be copied into a box; let others read its files.')
  await fs.promises.writeFile(target, await handle.readFile(), { mode: 0o444 })
}
