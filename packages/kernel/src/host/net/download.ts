import { createHash } from 'node:crypto'
import fs from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { LifeOsError } from '@life-os/contract'
import type { z } from 'zod'
import type { ContentBlobs } from '../fs/content.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope } from '../types.ts'
import { parseUrl } from './address.ts'
import type { Lookup } from './address.ts'
import type { downloadOptions } from './arguments.ts'
import { authorised } from './authorised.ts'
import type { HostSecrets } from './credential.ts'
import { decoded, salvaged, tooLarge } from './decode.ts'
import { fileNameOf } from './file-name.ts'
import { openPart } from './part.ts'
import type { Part } from './part.ts'
import { headersFor } from './headers.ts'
import { request, requestFault } from './request.ts'
import type { Answer } from './request.ts'

const MAX_BYTES = 2 * 1024 ** 3
const TIMEOUT = 60 * 60_000
const MAX_REDIRECTS = 10
/** A connection that breaks is taken up again at most this often, as long as bytes keep coming. */
const CONTINUATIONS = 20
const FRUITLESS = 3

export interface DownloadContext {
  scope: CallScope
  lookup: Lookup
  secrets: HostSecrets
  blobs: ContentBlobs
  home: string
  pause(attempt: number, signal: AbortSignal): Promise<void>
}
export interface Downloaded {
  blob: string
  size: number
  url: string
  mime: string | null
  fileName: string | null
}
type Options = z.infer<typeof downloadOptions>

/**
 * Fetches into a blob. A broken connection, a later try and a restart all go on from the bytes there are, where the
 * server still has the same thing (Range with If-Range). Errors: `checksum-mismatch`, `response-too-large`, `request-failed`.
 */
export async function download(context: DownloadContext, url: string, options: Options, caller: AbortSignal): Promise<Downloaded> {
  const clock = AbortSignal.timeout(options.timeout ?? TIMEOUT)
  const signal = AbortSignal.any([caller, clock])
  const part = await openPart(context.home, context.scope.key, parseUrl(url).href)
  try {
    const answer = await complete(context, url, options, part, signal)
    await checkSum(part, options.sha256, url)
    const { hash, size } = await context.blobs.putFile(part.file)
    await context.blobs.keep(hash, `run:${context.scope.run}`)
    await part.discard()
    return { blob: hash, size, ...answer }
  } catch (error) {
    if (caller.aborted) throw caller.reason
    if (clock.aborted)
      throw fault('request-timeout', `${url} was not there within the time allowed; what has come is kept, try again.`, {
        class: 'operational',
        cause: error,
      })
    throw requestFault(error, url, signal)
  }
}

type Origin = Pick<Downloaded, 'url' | 'mime' | 'fileName'>

async function complete(context: DownloadContext, url: string, options: Options, part: Part, signal: AbortSignal): Promise<Origin> {
  let fruitless = 0
  for (let attempt = 1; ; attempt += 1) {
    const had = await part.size()
    try {
      return await fetchRest(context, url, options, part, signal)
    } catch (error) {
      if (!(error instanceof Broken) || signal.aborted) throw error
      fruitless = (await part.size()) > had ? 0 : fruitless + 1
      if (attempt >= CONTINUATIONS || fruitless >= FRUITLESS) throw error.reason
      await context.pause(attempt, signal)
    }
  }
}

/** The connection broke while bytes came: worth another go. */
class Broken extends Error {
  readonly reason: unknown
  constructor(reason: unknown) {
    super('broken')
    this.reason = reason
  }
}

async function fetchRest(context: DownloadContext, url: string, options: Options, part: Part, signal: AbortSignal): Promise<Origin> {
  const headers = headersFor(options.headers ?? {}, 'identity')
  const [had, note] = [await part.size(), await part.note()]
  const resuming = had > 0 && note !== null
  if (resuming) Object.assign(headers, { range: `bytes=${had}-`, 'if-range': note.validator })
  const answer = await authorised(context, url, options.auth, signal, undefined, (credential) =>
    request({ ...context, credential, signal }, url, { method: 'GET', headers, body: undefined }, MAX_REDIRECTS),
  )
  try {
    const origin: Origin = {
      url: answer.url,
      mime: mimeOf(answer),
      fileName: fileNameOf(answer.headers['content-disposition'], answer.url),
    }
    if (resuming && answer.status === 416 && note.total === had) return origin
    if (resuming && answer.status === 416) {
      await part.discard()
      throw new Broken(refusal(url, 416))
    }
    if (answer.status !== 200 && answer.status !== 206) throw refusal(url, answer.status)
    await store(part, answer, resuming && rangeStart(answer) === had ? had : 0, options.maxBytes ?? MAX_BYTES)
    return origin
  } finally {
    await answer[Symbol.asyncDispose]()
  }
}

const refusal = (url: string, status: number) =>
  fault(
    'request-failed',
    `${url} answers with status ${status}; ${status === 404 || status === 410 ? 'it is not there' : status === 401 || status === 403 ? 'it is not allowed' : 'try again later'}.`,
    {
      class: status >= 500 || status === 429 ? 'operational' : 'user',
      details: { url, status },
    },
  )

const mimeOf = (answer: Answer): string | null => answer.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || null

function rangeStart(answer: Answer): number {
  const match = answer.status === 206 ? /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '') : null
  return match ? Number(match[1]) : 0
}

/** A strong validator, without which a later Range could join two different files. */
function validatorOf(answer: Answer): string | null {
  const { etag, 'last-modified': modified } = answer.headers
  if (etag !== undefined && !etag.startsWith('W/')) return etag
  return etag === undefined && modified !== undefined ? modified : null
}

/**
 * What may be the beginning of a secret that the other side says again is held back, so that what is kept is always a true
 * beginning to go on from; where a value was replaced it no longer is, and a later go begins anew.
 */
async function store(part: Part, answer: Answer, from: number, most: number): Promise<void> {
  const encoding = answer.headers['content-encoding']
  const packed = encoding !== undefined && encoding !== 'identity'
  const bytesOf = packed ? decoded(answer.body, encoding) : salvaged(answer.body)
  const length = Number(answer.headers['content-length'] ?? Number.NaN)
  const total = packed || Number.isNaN(length) ? null : from + length
  if (total !== null && total > most) throw tooLarge(answer.url, most)
  const validator = validatorOf(answer)
  await part.setNote(validator !== null && !packed ? { url: answer.url, validator, total } : null)
  const file = await fs.open(part.file, from > 0 ? 'a' : 'w', 0o600)
  const clean = answer.redactor.stream()
  const keep = async (bytes: Uint8Array): Promise<void> => {
    if (clean.found) await part.setNote(null)
    await file.writeFile(bytes)
  }
  let size = from
  try {
    for await (const chunk of bytesOf) {
      const bytes = chunk as Buffer // neither undici nor zlib streams have an encoding set
      size += bytes.length
      if (size > most) throw tooLarge(answer.url, most)
      await keep(clean.push(bytes))
    }
    if (total === null || size === total) await keep(clean.end())
  } catch (error) {
    throw error instanceof LifeOsError ? error : new Broken(error)
  } finally {
    await file.close()
  }
  if (total !== null && size !== total)
    throw new Broken(fault('connection-lost', `${answer.url} ended after ${size} of ${total} bytes; try again.`, { class: 'operational' }))
}

async function checkSum(part: Part, expected: string | undefined, url: string): Promise<void> {
  if (expected === undefined) return
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(part.file)) hash.update(chunk as Buffer) // no encoding set: chunks are buffers
  const found = hash.digest('hex')
  if (found === expected.toLowerCase()) return
  await part.discard()
  throw fault('checksum-mismatch', `${url} is not the file that was expected: its SHA-256 is ${found}. It was not kept.`, {
    details: { url, expected, found },
  })
}
