import { decodeName, encodeName } from '../names.ts'
import { fault } from './faults.ts'

/** What Node's file functions take: text, or bytes where the name is not valid UTF-8. */
export type SystemPath = string | Buffer

/** NAME_MAX of the usual Linux and macOS file systems, in bytes. */
const NAME_BYTES = 255
const ESCAPED = /[\u{10FE00}-\u{10FEFF}]/u

/** Refuses whatever is not an absolute, normalised, writable path; returns it typed. */
export function absolutePath(value: unknown): string {
  if (typeof value !== 'string' || !value.startsWith('/')) throw invalid(value, 'is not an absolute path; begin it with /')
  if (value === '/') return value
  for (const part of value.slice(1).split('/')) {
    if (part === '' || part === '.' || part === '..')
      throw invalid(value, 'is not normalised; leave out empty parts, . and .. and the slash at the end')
    if (nameBytes(part) > NAME_BYTES)
      throw fault('name-too-long', `The name ${part.slice(0, 40)}… is longer than ${NAME_BYTES} bytes; shorten it.`, {
        details: { path: value },
      })
  }
  return value
}
const invalid = (value: unknown, why: string) => fault('path-invalid', `${JSON.stringify(value)} ${why}.`)

/** Length of a name in bytes on disk; refuses names that no disk can hold. */
export function nameBytes(name: string): number {
  return isPlain(name) ? Buffer.byteLength(name) : decodeName(name).length
}
const isPlain = (text: string): boolean => !ESCAPED.test(text) && !text.includes('\0') && text.isWellFormed()

export const toSystem = (path: string): SystemPath => (isPlain(path) ? path : decodeName(path))
export const fromSystem = (path: Buffer): string => encodeName(path)

export const joinPath = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`)
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
/** Whether `path` is `folder` or lies below it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
/** The path below `to` that `path` has below `from`. */
export const rebase = (path: string, from: string, to: string): string =>
  path === from ? to : joinPath(to, path.slice(from === '/' ? 1 : from.length + 1))

/** A link's target as an absolute, normalised path. */
export function resolveTarget(link: string, target: string): string {
  const parts: string[] = []
  for (const part of (target.startsWith('/') ? target : joinPath(parentOf(link), target)).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Splits a file's name before its extension; `.tar.gz` and its kin stay together, a leading dot is no extension. */
export function splitExtension(name: string): [stem: string, extension: string] {
  const match = /^(.+?)((?:\.tar)?\.[A-Za-z0-9]{1,10})$/s.exec(name)
  return match ? [match[1] ?? name, match[2] ?? ''] : [name, '']
}

/** `name (2).ext`: the stem is shortened where the number would make the name too long. */
export function numberedName(name: string, number: number, kind: 'file' | 'folder'): string {
  const [stem, extension] = kind === 'folder' ? [name, ''] : splitExtension(name)
  const tail = ` (${number})${extension}`
  const room = NAME_BYTES - Buffer.byteLength(tail)
  const characters = [...stem]
  let size = characters.reduce((sum, character) => sum + nameBytes(character), 0)
  while (size > room) size -= nameBytes(characters.pop() ?? '')
  return characters.join('') + tail
}
