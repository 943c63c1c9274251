import { constants } from 'node:fs'
import { link, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { KeyPlace } from './key-ring.ts'

/** `<home>/secrets.key`, which only its owner may read. It is written beside and linked or renamed into place: there whole or not at all. */
export function createKeyFile(home: string): KeyPlace {
  const file = join(home, 'secrets.key')
  return {
    title: file,
    read: () => readPrivate(file),
    async create(text) {
      const beside = await writeBeside(file, text)
      try {
        await link(beside, file) // unlike a rename this never replaces
        await syncFolder(home)
        return true
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false
        throw error
      } finally {
        await rm(beside, { force: true })
      }
    },
    async replace(text) {
      await rename(await writeBeside(file, text), file)
      await syncFolder(home)
    },
  }
}

async function readPrivate(file: string): Promise<string | undefined> {
  let handle
  try {
    handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (hasCode(error, 'ELOOP')) throw exposed(`${file} is a link. Put the key file itself there.`)
    throw error
  }
  try {
    const { mode, uid } = await handle.stat()
    const own = process.getuid?.()
    if (own !== undefined && uid !== own && own !== 0) throw exposed(`${file} belongs to another user. Run: sudo chown ${own} '${file}'`)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0)
      throw exposed(
        `${file} can be read by others (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 '${file}' — and if somebody else may have read it, lifeos secrets rotate.`,
      )
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

const exposed = (message: string): LifeOsError => new LifeOsError('secrets-key-exposed', message, { applied: 'no' })

async function writeBeside(file: string, text: string): Promise<string> {
  await sweep(file)
  const beside = `${file}.${process.pid}.new`
  const handle = await open(beside, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return beside
}

/** What a crash left beside it. */
async function sweep(file: string): Promise<void> {
  for (const name of await readdir(dirname(file)))
    if (name.startsWith(`${basename(file)}.`) && name.endsWith('.new')) await rm(join(dirname(file), name), { force: true })
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const hasCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code
