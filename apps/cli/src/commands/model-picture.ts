import { open } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'

/** What models take: the first bytes decide, whatever the name says. */
const KINDS: readonly [mime: string, first: RegExp][] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
]

/** Stores a picture for one call. Its place goes along, so that one of a private folder stays on this machine. */
export async function pictureOf(backend: Backend, given: string): Promise<{ blob: string; mime: string; path: string }> {
  const path = resolve(given)
  const first = await firstBytes(path)
  if (first === null) throw new LifeOsError('input-invalid', `--picture ${given}: there is no such file, or it cannot be read.`)
  const mime = KINDS.find(([, sign]) => sign.test(first))?.[0]
  if (mime === undefined)
    throw new LifeOsError('input-invalid', `--picture ${given}: ${extname(path) || 'this'} is no PNG, JPEG, GIF or WebP. Convert it first.`)
  return { blob: await backend.upload(path), mime, path }
}

/** Sixteen, one character each; null where there is no file. */
async function firstBytes(path: string): Promise<string | null> {
  try {
    await using file = await open(path)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0)
    return buffer.subarray(0, bytesRead).toString('latin1')
  } catch {
    return null
  }
}
