import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, isAbsolute, normalize } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Change } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Kernel } from '../kernel.ts'
import { checkReader } from '../router/readers.ts'
import type { SeenFolders } from '../system/seen.ts'
import { CONTENT_POLICY } from './headers.ts'
import { pictureType } from './picture.ts'

const LARGEST = 5 * 1024 ** 2 // bytes
const RECENT_RUNS = 20

/**
 * `GET /thumbnail?path=&run=`: a small picture as it is. Only for a path that a recent run's changes name (or the given
 * run's), or in a folder this person listed; only when its bytes are a picture. No link is followed at the last name.
 */
export async function thumbnail(kernel: Kernel, seen: SeenFolders, identity: Identity, request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams
  const path = query.get('path') ?? ''
  if (!isAbsolute(path) || path.includes('\0') || normalize(path) !== path)
    throw new LifeOsError('input-invalid', 'path: the whole path of a picture.')
  const run = query.get('run')
  if (run) await checkReader(kernel.readers, run, identity)
  const listed = identity.scopes.has('run') && seen.has(identity.person.id, dirname(path))
  if (!listed && !(await inChanges(kernel, path, run, identity))) {
    throw new LifeOsError('thumbnail-refused', 'Pictures are shown only where a run names them or in a folder you opened here.')
  }
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => {
    throw missing()
  })
  try {
    const info = await file.stat()
    if (!info.isFile() || info.size > LARGEST) throw missing()
    const tag = `"${info.ino.toString(36)}-${info.size.toString(36)}-${info.mtimeMs.toString(36)}"`
    const shared = {
      etag: tag,
      'cache-control': 'private, max-age=60',
      'content-security-policy': CONTENT_POLICY,
      'content-disposition': 'inline',
    }
    if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers: shared })
    const bytes = await file.readFile()
    const type = pictureType(bytes)
    if (!type) throw missing()
    return new Response(bytes, { headers: { ...shared, 'content-type': type } })
  } finally {
    await file.close()
  }
}
const missing = () => new LifeOsError('thumbnail-missing', 'There is no small picture to show here.')

async function inChanges({ runs }: Kernel, path: string, run: string | null, { person }: Identity): Promise<boolean> {
  const candidates = run ? [run] : (await runs.list({ limit: RECENT_RUNS, reader: person.id })).items.map(({ id }) => id)
  for (const id of candidates) {
    const preview = await runs.previewOf(id)
    if (preview?.changes.some(({ change }) => pathsOf(change).includes(path))) return true
  }
  return false
}

function pathsOf(change: Change): string[] {
  if ('from' in change) return [change.from, change.to]
  return 'path' in change ? [change.path] : []
}
