import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A reader sees the old file or the new one, never half of one. */
export async function writeWhole(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, content)
  await rename(fresh, file)
}

/** Puts a finished folder in the place of the one before. */
export async function replaceFolder(fresh: string, place: string): Promise<void> {
  await rm(place, { recursive: true, force: true })
  await mkdir(path.dirname(place), { recursive: true })
  await rename(fresh, place)
}
