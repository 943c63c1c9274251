import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

/** SHA-256 over a built plugin's manifest and bundle: what runs freeze and approvals name. */
export async function digestOf(folder: string, entry: string): Promise<string> {
  const hash = createHash('sha256')
  for (const name of ['manifest.json', entry])
    hash
      .update(`${name}\0`)
      .update(await readFile(path.join(folder, name)))
      .update('\0')
  return hash.digest('hex')
}
