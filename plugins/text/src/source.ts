import { LifeOsError } from '@life-os/plugin-sdk'
import type { HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'

export const MAX_BYTES = 8 * 1024 * 1024

/** An absolute path of this machine. */
export const Path = z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path, such as /home/ada/notes.txt')
/** Text as it is, at most 8 Mi characters. */
export const Text = z.string().max(MAX_BYTES)

/** A text that is given, or the file that holds it: exactly one of the two. */
export const sourceFields = {
  text: Text.optional().describe('The text; give this or `path`'),
  path: Path.optional().describe('A text file of at most 8 MiB; give this or `text`'),
}

export async function readSource(source: { text?: string | undefined; path?: string | undefined }, host: HostV1): Promise<string> {
  if ((source.text === undefined) === (source.path === undefined)) {
    throw new LifeOsError('input-invalid', 'Give either a text or the path of a text file, not both and not neither.')
  }
  return source.path === undefined ? (source.text ?? '') : host.fs.readText(source.path, { maxBytes: MAX_BYTES })
}
