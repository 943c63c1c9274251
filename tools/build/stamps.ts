import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeWhole } from '@life-os/kernel/plugin-build'

/** Remembers by name what was built from which sources, in `<out>/.stamps/`. */
export async function isBuilt(out: string, name: string, key: string): Promise<boolean> {
  const had = await readFile(stampFile(out, name), 'utf8').catch(() => '')
  return had === key
}

export async function stamp(out: string, name: string, key: string): Promise<void> {
  await writeWhole(stampFile(out, name), key)
}

const stampFile = (out: string, name: string) => path.join(out, '.stamps', name)
