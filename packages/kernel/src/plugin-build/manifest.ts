import { open } from 'node:fs/promises'
import path from 'node:path'
import { LifeOsError, Manifest } from '@life-os/contract'

/** Bytes; a manifest is read by people. */
const LONGEST = 256 * 1024

/** The manifest of a plugin's folder, read as data. Errors: `plugin-invalid` with every fault. */
export async function readManifest(folder: string): Promise<Manifest> {
  const read = Manifest.safeParse(parse(await readText(path.join(folder, 'manifest.json'))))
  if (!read.success)
    throw invalid(read.error.issues.slice(0, 20).map(({ path: at, message }) => `"${at.join('.') || 'the whole'}": ${message}`))
  const { entry } = read.data
  if (path.isAbsolute(entry) || entry.split(/[/\\]/).includes('..')) throw invalid([`"entry": ${JSON.stringify(entry)} leaves the folder`])
  return read.data
}

async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file)
    const buffer = Buffer.alloc(LONGEST + 1)
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    if (bytesRead > LONGEST) throw invalid([`it is larger than ${LONGEST / 1024} KiB`])
    return buffer.toString('utf8', 0, bytesRead)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw invalid(['it is missing']) // node:fs throws these
    throw error
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid([`it is no JSON: ${error instanceof Error ? error.message : String(error)}`])
  }
}

function invalid(faults: readonly string[]): LifeOsError {
  return new LifeOsError('plugin-invalid', `manifest.json is not valid: ${faults.join('; ')}.`, { details: { faults: [...faults] } })
}
