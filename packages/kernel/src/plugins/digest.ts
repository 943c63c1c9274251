import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'

/** SHA-256 over a built plugin's manifest, bundle and plans: what runs freeze, approvals name and people accept. */
export async function digestOf(folder: string, entry: string): Promise<string> {
  const hash = createHash('sha256')
  const plans = await readdir(path.join(folder, 'plans')).catch(() => [])
  const names = ['manifest.json', entry, ...plans.filter((name) => name.endsWith('.yaml')).map((name) => `plans/${name}`)].toSorted()
  for (const name of names)
    hash
      .update(`${name}\0`)
      .update(await readFile(path.join(folder, name)))
      .update('\0')
  return hash.digest('hex')
}
