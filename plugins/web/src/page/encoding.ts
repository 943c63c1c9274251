/** How many bytes at the beginning of a page may declare its encoding (WHATWG HTML, prescan). */
const PRESCAN = 4096

/**
 * The text of a page's bytes. Order after WHATWG: byte order mark, the header's charset, the charset that an HTML
 * `meta` or an XML declaration names, valid UTF-8, and windows-1252 for what is left.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): { text: string; encoding: string } {
  const declared = byteOrderMark(bytes) ?? known(charsetOf(contentType)) ?? known(declaredIn(bytes))
  const encoding = declared ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1252')
  return { text: new TextDecoder(encoding).decode(bytes), encoding }
}

function byteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return null
}

export function charsetOf(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType ?? '')?.[1] ?? null
}

function declaredIn(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, PRESCAN))
  const xml = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/i.exec(head)
  const meta = /<meta[^>]{1,300}?charset\s*=\s*["']?\s*([^\s"'/>;]{1,40})/i.exec(head)
  const name = xml?.[1] ?? meta?.[1] ?? null
  // A declaration that could be read byte by byte cannot be in UTF-16 (WHATWG: then it is UTF-8).
  return name && /^utf-?16/i.test(name) ? 'utf-8' : name
}

/** The encoding's standard name, or null when no decoder knows the label. */
function known(label: string | null): string | null {
  if (!label) return null
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null // a page may declare nonsense; the bytes decide then
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
