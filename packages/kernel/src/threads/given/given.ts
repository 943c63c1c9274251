import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, normalize } from 'node:path'
import { LifeOsError, type Attachment } from '@life-os/contract'
import { readLiteral } from './literal.ts'

/** What a message gives its answer leave to read: inputs of the run, so that grants of that run come from them. */
export interface Given {
  files: string[]
  folders: string[]
  addresses: string[]
}

/**
 * Everything that a person wrote out or attached. A hidden place (`~/.ssh`) is only given by attaching it: its name in a text
 * that was pasted gives nothing. Errors: `attachment-missing`.
 */
export async function givenBy(text: string, attachments: readonly Attachment[]): Promise<Given> {
  const { paths, addresses } = readLiteral(text)
  const files = new Set<string>()
  const folders = new Set<string>()
  const take = async (path: string): Promise<boolean> => {
    const kind = await kindOf(path)
    if (kind) (kind === 'folder' ? folders : files).add(path)
    return kind !== null
  }
  for (const readings of paths)
    for (const reading of readings) {
      const path = atHome(reading)
      if (!isHidden(path) && (await take(path))) break
    }
  for (const attachment of attachments)
    if ((attachment.kind === 'file' || attachment.kind === 'folder') && !(await take(atHome(attachment.path)))) throw missing(attachment)
  return { files: [...files], folders: [...folders], addresses: [...addresses] }
}

const missing = ({ name, path }: { name: string; path: string }): LifeOsError =>
  new LifeOsError('attachment-missing', `“${name}” is not there (${path}). Attach it again, or send the message without it.`)

const atHome = (path: string): string => normalize(path.startsWith('~/') ? join(homedir(), path.slice(2)) : path)
const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.'))

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  if (!path.startsWith('/')) return null
  try {
    const found = await stat(path)
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : null
  } catch {
    return null // not there, or not to be seen
  }
}
