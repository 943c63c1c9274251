import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Remembers by name what was built from which sources, in `<out>/.stamps/`. */
export async function isBuilt(out: string, name: string, key: string): Promise<boolean> {
  const had = await readFile(stampFile(out, name), 'utf8').catch(() => '')
  return had === key
}

export async function stamp(out: string, name: string, key: string): Promise<void> {
  await writeWhole(stampFile(out, name), key)
}

/** A reader sees the old file or the new one, never half of one. */
export async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, content)
  await rename(fresh, file)
}

const stampFile = (out: string, name: string) => path.join(out, '.stamps', name)
