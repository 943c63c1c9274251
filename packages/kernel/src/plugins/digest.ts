import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'

/** SHA-256 over a built plugin's manifest, bundle and plans: what runs freeze, approvals name and people accept. */
export async function digestOf(folder: string, entry: string): Promise<string> {
  const hash = createHash('sha256')
  const plans = await readdir(path.join(folder, 'plans')).catch(() => [])
  const names = ['manifest.json', entry, ...plans.filter((name) => name.endsWith('.yaml')).map((name) => `plans/${name}`)].toSorted()
  for (const name of names) {
    const content = await readFile(path.join(folder, name))
    if (content.includes(0)) throw new LifeOsError('plugin-invalid', `${name} holds a NUL character; write it as an escape.`) // it divides the files below
    hash.update(`${name}\0`).update(content).update('\0')
  }
  return hash.digest('hex')
}
