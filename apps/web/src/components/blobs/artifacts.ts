/** Bytes that a run gave back: named in its outputs, kept as a blob. */
export interface Artifact {
  name: string
  blob: string
  mime: string
  size: number | null
  /** Where in the outputs it stands. */
  path: string
}
export type ArtifactKind = 'picture' | 'table' | 'text' | 'other'

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null // checked to be an object
const DEEPEST = 8

/** Every artifact below a value: an object whose `blob` is a SHA-256. */
export function artifactsIn(value: unknown, path = '', depth = 0): Artifact[] {
  if (depth > DEEPEST) return []
  if (Array.isArray(value)) return value.flatMap((each, index) => artifactsIn(each, `${path}[${index}]`, depth + 1))
  const found = record(value)
  if (!found) return []
  const { blob, name, mime, size } = found
  if (typeof blob === 'string' && /^[0-9a-f]{64}$/.test(blob)) {
    const called = typeof name === 'string' && name !== '' ? name : path.split('.').at(-1) || blob.slice(0, 12)
    return [{ name: called, blob, path, mime: typeof mime === 'string' ? mime : '', size: typeof size === 'number' ? size : null }]
  }
  return Object.entries(found).flatMap(([key, each]) => artifactsIn(each, path === '' ? key : `${path}.${key}`, depth + 1))
}

export const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/svg+xml'])
const BY_ENDING: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
}
const TEXT_ENDINGS = /\.(txt|md|log|py|js|ts|sh|yaml|yml|toml|xml|html|css|sql|diff|patch)$/i

/** Its type as it says itself, else by the name's ending. */
export function mimeOf({ mime, name }: Pick<Artifact, 'mime' | 'name'>): string {
  const said = mime.split(';')[0]?.trim().toLowerCase() ?? ''
  if (said !== '' && said !== 'application/octet-stream') return said
  return (
    BY_ENDING[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? (TEXT_ENDINGS.test(name) ? 'text/plain' : 'application/octet-stream')
  )
}

/** How it is shown. Everything is shown as what it cannot harm by: a picture in an image, all else as text. */
export function kindOf(artifact: Pick<Artifact, 'mime' | 'name'>): ArtifactKind {
  const mime = mimeOf(artifact)
  if (PICTURES.has(mime)) return 'picture'
  if (mime === 'text/csv' || mime === 'text/tab-separated-values') return 'table'
  return mime.startsWith('text/') || mime === 'application/json' || mime.endsWith('+json') || mime.endsWith('xml') ? 'text' : 'other'
}
