/** The media type of a picture that every browser shows, by its first bytes; undefined for anything else. No SVG: it can hold scripts. */
export function pictureType(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp'
  if (/^ftypavi[fs]/.test(text.slice(4, 12))) return 'image/avif'
  if (text.startsWith('BM')) return 'image/bmp'
  return undefined
}
