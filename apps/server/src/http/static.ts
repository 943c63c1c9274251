import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { Readable } from 'node:stream'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.wasm': 'application/wasm',
}
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

/**
 * The built web app: files under `root`, and its page for every other address a person may open. Names with a hash are
 * kept by browsers for good, the page is asked for each time. A `.br` or `.gz` beside a file is sent instead of it.
 */
export async function serveStatic(root: string, request: Request): Promise<Response | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
  const path = decoded(new URL(request.url).pathname)
  const file = path === undefined ? undefined : join(root, normalize(path))
  if (file?.startsWith(root + sep)) {
    const found = await fileAnswer(file, request)
    if (found) return found
  }
  const isPage = extname(path ?? '') === '' && (request.headers.get('accept') ?? '*/*').match(/text\/html|\*\/\*/)
  return isPage ? fileAnswer(join(root, 'index.html'), request) : undefined
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

async function fileAnswer(file: string, request: Request): Promise<Response | undefined> {
  const info = await stat(file).catch(() => undefined)
  if (!info?.isFile()) return undefined
  const tag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}"`
  const lasting = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(file) && file.includes(`${sep}assets${sep}`)
  const headers = new Headers({
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'cache-control': lasting ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: tag,
    vary: 'accept-encoding',
  })
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers })
  const packed = await packedSibling(file, request)
  if (packed) headers.set('content-encoding', packed.encoding)
  headers.set('content-length', String(packed?.size ?? info.size))
  if (request.method === 'HEAD') return new Response(null, { headers })
  const body = Readable.toWeb(createReadStream(packed?.path ?? file)) as ReadableStream<Uint8Array> // Node's own type of the same stream
  return new Response(body, { headers })
}

async function packedSibling(file: string, request: Request): Promise<{ path: string; size: number; encoding: string } | undefined> {
  const accepted = request.headers.get('accept-encoding') ?? ''
  for (const [encoding, ending] of ENCODINGS) {
    if (!accepted.includes(encoding)) continue
    const info = await stat(file + ending).catch(() => undefined)
    if (info?.isFile()) return { path: file + ending, size: info.size, encoding }
  }
  return undefined
}
