const MAX_BYTES = 120

/** A text as a file name that every system takes: no path or reserved characters, at most 120 bytes; never empty. */
export function fileNameOf(text: string, fallback: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
  const name = cut(plain).replace(/^[\s.]+|[\s.]+$/g, '')
  return name === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? fallback : name
}

function cut(text: string): string {
  let name = ''
  let bytes = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_BYTES) break
    name += character
  }
  return name
}

const PICTURE_EXTENSIONS = new Set(['jpg', 'jpeg', 'png', 'gif', 'webp', 'avif', 'svg', 'bmp', 'ico', 'tif', 'tiff', 'heic'])

/** `01-cat.jpg` for the first picture of a page. Without a known extension in the address it is `.jpg`: viewers look at the content. */
export function pictureName(url: string, index: number): string {
  const last = decode(new URL(url).pathname.split('/').at(-1) ?? '')
  const dot = last.lastIndexOf('.')
  const extension = dot >= 0 ? last.slice(dot + 1).toLowerCase() : ''
  const isKnown = PICTURE_EXTENSIONS.has(extension)
  const stem = fileNameOf(isKnown ? last.slice(0, dot) : last, 'picture')
    .replaceAll(' ', '-')
    .slice(0, 60)
  return `${String(index + 1).padStart(2, '0')}-${stem}.${isKnown ? extension : 'jpg'}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // not valid percent encoding: the name as it stands
  }
}
