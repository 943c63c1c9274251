import fs from 'node:fs/promises'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'

/** What a part file belongs to: bytes are only added while the server says that it is still the same thing. */
const Note = z.object({ url: z.string(), validator: z.string(), total: z.number().nullable() })
export type PartNote = z.infer<typeof Note>

/** A download that is not whole yet: its bytes and what they belong to, kept across tries and restarts under the call's key. */
export interface Part {
  readonly file: string
  size(): Promise<number>
  note(): Promise<PartNote | null>
  setNote(note: PartNote | null): Promise<void>
  discard(): Promise<void>
}

export async function openPart(home: string, key: string, url: string): Promise<Part> {
  const folder = path.join(home, 'downloads')
  await fs.mkdir(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, createHash('sha256').update(`${key} ${url}`).digest('hex'))
  const noteFile = `${file}.json`
  return {
    file,
    size: async () => (await fs.stat(file).catch(() => ({ size: 0 }))).size,
    note: async () => {
      const text = await fs.readFile(noteFile, 'utf8').catch(() => 'null')
      return Note.safeParse(parse(text)).data ?? null
    },
    setNote: (note) => (note ? fs.writeFile(noteFile, JSON.stringify(note)) : fs.rm(noteFile, { force: true })),
    discard: async () => {
      await fs.rm(file, { force: true })
      await fs.rm(noteFile, { force: true })
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // a note cut off while it was written: the part is begun anew
  }
}
