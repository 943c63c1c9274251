import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'

/** SHA-256 over a built plugin's manifest, bundle, plans and agents: what runs freeze, approvals name and people accept. */
export async function digestOf(folder: string, entry: string): Promise<string> {
  const hash = createHash('sha256')
  const texts = await Promise.all(['plans', 'agents'].map((kind) => textsIn(folder, kind)))
  const names = ['manifest.json', entry, ...texts.flat()].toSorted()
  for (const name of names) {
    const content = await readFile(path.join(folder, name))
    if (content.includes(0)) throw new LifeOsError('plugin-invalid', `${name} holds a NUL character; write it as an escape.`) // it divides the files below
    hash.update(`${name}\0`).update(content).update('\0')
  }
  return hash.digest('hex')
}

async function textsIn(folder: string, kind: string): Promise<string[]> {
  const names = await readdir(path.join(folder, kind)).catch(() => [])
  return names.filter((name) => name.endsWith('.yaml')).map((name) => `${kind}/${name}`)
}
