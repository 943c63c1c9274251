import { nameBytes } from '../paths/path.ts'

/** The file name a server proposes (RFC 6266), or the last part of the address; null when neither is usable. */
export function fileNameOf(disposition: string | undefined, url: string): string | null {
  return clean(extended(disposition)) ?? clean(plain(disposition)) ?? clean(decode(new URL(url).pathname.split('/').at(-1) ?? ''))
}

/** `filename*=UTF-8''na%C3%AFve.txt` (RFC 8187). */
function extended(disposition = ''): string | undefined {
  const match = /filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(disposition)
  return (
    match?.[2] &&
    (match[1]?.toLowerCase() === 'utf-8'
      ? decode(match[2])
      : match[2].replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))))
  )
}

function plain(disposition = ''): string | undefined {
  const match = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition)
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Only a name: no folders, no control characters, no hidden or special name, at most 255 bytes with its extension kept. */
function clean(text: string | undefined): string | null {
  const last = (text ?? '').split(/[/\\]/).at(-1) ?? ''
  const name = Array.from(last)
    .filter((character) => character >= ' ' && character !== '\u007f')
    .join('')
    .replace(/^\.+/, '')
    .trim()
  if (name === '' || !name.isWellFormed()) return null
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? ''
  const characters = Array.from(name.slice(0, name.length - extension.length))
  while (characters.length > 0 && nameBytes(characters.join('') + extension) > 255) characters.pop()
  return characters.join('') + extension
}
