import { mkdir, open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE = 120_000
const PAUSE = 50

/** One build at a time into one folder, over all processes of this machine. A lock whose owner is gone counts for nothing. */
export async function lockBuild(out: string): Promise<AsyncDisposable> {
  const file = path.join(out, '.stamps', 'lock')
  await mkdir(path.dirname(file), { recursive: true })
  for (let waited = 0; waited < PATIENCE; waited += PAUSE) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(String(process.pid))
      await handle.close()
      return { [Symbol.asyncDispose]: () => rm(file, { force: true }) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (await isStale(file)) await rm(file, { force: true })
      else await sleep(PAUSE)
    }
  }
  throw new Error(`Another build holds ${file}. Wait for it, or remove the file if none is running.`)
}

async function isStale(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (owner === 0) return false // being written this moment, or gone
  try {
    process.kill(owner, 0)
    return false
  } catch {
    return true
  }
}
