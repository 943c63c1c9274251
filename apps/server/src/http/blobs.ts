import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { LifeOsError } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { Kernel } from '../kernel.ts'
import { checkBlobReader } from '../router/readers.ts'
import { CONTENT_POLICY } from './headers.ts'

const LARGEST = 512 * 1024 ** 2 // bytes
/** What nothing refers to by then is collected. */
const UPLOAD_KEPT = 86_400_000 // ms

const checkedHash = (hash: string): string => {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash
  throw new LifeOsError('blob-missing', 'A blob is named by its SHA-256 in lower-case hex.')
}

/** `GET /blobs/{sha256}`: the bytes, as a download that runs nothing. */
export async function readBlob({ store, readers }: Kernel, request: Request, identity: Identity, name: string): Promise<Response> {
  const hash = checkedHash(name)
  await checkBlobReader(readers, hash, identity)
  const tag = `"${hash}"`
  const headers = {
    etag: tag,
    'cache-control': 'private, max-age=31536000, immutable',
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${hash.slice(0, 16)}"`,
    'content-security-policy': CONTENT_POLICY,
  }
  const path = await store.blobs.path(hash)
  if (request.headers.get('if-none-match') === tag) return new Response(null, { status: 304, headers })
  const { size } = await stat(path)
  const body = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> // Node's own type of the same stream
  return new Response(body, { headers: { ...headers, 'content-length': String(size) } })
}

/** `POST /blobs` or `POST /blobs/{sha256}`: stores the body; with a hash, only when it is that of the bytes. */
export async function writeBlob(
  { store, labels }: Kernel,
  request: Request,
  person: string,
  now: number,
  name?: string,
): Promise<Response> {
  const expected = name === undefined ? undefined : checkedHash(name)
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST) throw tooLarge()
  const stored = await store.blobs.put(limited(request.body))
  if (expected && stored.hash !== expected) throw new LifeOsError('blob-differs', 'The bytes do not have this SHA-256. Send them again.')
  await labels.noteBlob(stored.hash, [{ label: 'untrusted', from: 'an uploaded file' }], stored.size) // who wrote it nobody has said
  await store.blobs.keep(stored.hash, `upload:${person}`, now + UPLOAD_KEPT)
  return Response.json(stored, { status: 201, headers: { location: `/api/v1/blobs/${stored.hash}` } })
}

async function* limited(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let size = 0
  if (!body) return
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > LARGEST) throw tooLarge()
    yield chunk
  }
}
const tooLarge = () => new LifeOsError('body-too-large', `A blob has at most ${LARGEST / 1024 ** 2} MiB.`)
