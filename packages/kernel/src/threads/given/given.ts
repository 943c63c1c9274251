import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, normalize, sep } from 'node:path'
import { LifeOsError, type Attachment } from '@life-os/contract'
import { readLiteral } from './literal.ts'

/** What a message gives its answer leave to read: inputs of the run, so that grants of that run come from them. */
export interface Given {
  files: string[]
  folders: string[]
  addresses: string[]
}

/**
 * Everything that a person wrote out or attached. A hidden place (`~/.ssh`), one of the system and one that holds the whole home
 * are only given by attaching them: their names in a text that was pasted give nothing, whatever links lead there.
 * Errors: `attachment-missing`.
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
      if (!(await isGuarded(path)) && (await take(path))) break
    }
  for (const attachment of attachments)
    if ((attachment.kind === 'file' || attachment.kind === 'folder') && !(await take(atHome(attachment.path)))) throw missing(attachment)
  return { files: [...files], folders: [...folders], addresses: [...addresses] }
}

const missing = ({ name, path }: { name: string; path: string }): LifeOsError =>
  new LifeOsError('attachment-missing', `“${name}” is not there (${path}). Attach it again, or send the message without it.`)

const atHome = (path: string): string => normalize(path.startsWith('~/') ? join(homedir(), path.slice(2)) : path)

/** Top folders that hold devices, processes and keys, and files of accounts. */
const OF_SYSTEM = /^\/(?:proc|sys|dev|run|boot|root|etc\/(?:shadow|gshadow|passwd|sudoers|ssh|ssl\/private))(?:[-/.]|$)/
/** Where programs keep sessions and keys without a dot. */
const OF_PROGRAMS = /^(?:Library|AppData|snap)(?:\/|$)/

/** What is not given by its name alone, as it is written and as it really is. */
async function isGuarded(path: string): Promise<boolean> {
  const home = homedir()
  const real = await realpath(path).catch(() => path)
  return [path, real].some((one) => {
    const atHome = within(one, home) ? one.slice(home.length + 1) : null
    const hidden = (atHome ?? one).split('/').some((part) => part.startsWith('.'))
    const holdsHome = within(home, one) || one.split('/').filter(Boolean).length < 2
    return hidden || holdsHome || (atHome === null ? OF_SYSTEM.test(one) : OF_PROGRAMS.test(atHome))
  })
}
const within = (path: string, folder: string): boolean => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  if (!path.startsWith('/')) return null
  try {
    const found = await stat(path)
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : null
  } catch {
    return null // not there, or not to be seen
  }
}
