import { createHash } from 'node:crypto'
import { LifeOsError } from '@life-os/contract'
import type { Store } from '@life-os/kernel/store'

/** Answers are kept for a day. */
const KEPT = 86_400_000
const LONGEST_KEY = 200
const LARGEST_ANSWER = 1024 ** 2 // bytes
/** Their answers hold a secret that must not be stored. */
const SECRETS = /^\/api\/v1\/(sign-in|tokens|people|secrets)\b/
const PENDING = 0
const LARGEST_BODY = 8 * 1024 ** 2 // bytes

/**
 * `Idempotency-Key` on POST: the first request acts, a repeat within a day gets the stored answer. A key that came with
 * another request is refused, as is one whose first request still runs or was cut off by a crash.
 */
export function createIdempotency({ store, now }: { store: Pick<Store, 'db'>; now(): number }) {
  const running = new Set<string>()

  const claim = async (key: string, person: string, request_hash: string): Promise<Response | undefined> => {
    await store.db
      .deleteFrom('idempotency')
      .where('at', '<', now() - KEPT)
      .execute()
    const inserted = await store.db
      .insertInto('idempotency')
      .values({ key, person, request_hash, status: PENDING, body_json: '', at: now() })
      .onConflict((clash) => clash.columns(['key', 'person']).doNothing())
      .executeTakeFirst()
    if (Number(inserted.numInsertedOrUpdatedRows ?? 0) === 1) return undefined
    const known = await store.db
      .selectFrom('idempotency')
      .selectAll()
      .where('key', '=', key)
      .where('person', '=', person)
      .executeTakeFirstOrThrow()
    if (known.request_hash !== request_hash)
      throw new LifeOsError('idempotency-key-reused', 'This Idempotency-Key was used for another request. Use a new one.')
    if (known.status !== PENDING) return replay(known.status, known.body_json)
    if (running.has(`${person} ${key}`))
      throw new LifeOsError('idempotency-in-progress', 'The first request with this key is still running. Ask again in a moment.', {
        class: 'operational',
      })
    throw new LifeOsError(
      'idempotency-interrupted',
      'The first request with this key was cut off. Look at what happened before you repeat it under a new key.',
    )
  }

  return async (request: Request, person: string, act: (request: Request) => Promise<Response>): Promise<Response> => {
    const key = request.headers.get('idempotency-key')
    const { pathname } = new URL(request.url)
    if (!key || request.method !== 'POST' || SECRETS.test(pathname)) return act(request)
    if (key.length > LONGEST_KEY) throw new LifeOsError('input-invalid', `An Idempotency-Key has at most ${LONGEST_KEY} characters.`)
    const body = await wholeBody(request)
    const hash = createHash('sha256').update(`${pathname}\n`).update(body).digest('hex')
    const running_key = `${person} ${key}`
    const stored = await claim(key, person, hash)
    if (stored) return stored
    running.add(running_key)
    const row = () => ({ key, person })
    try {
      const response = await act(new Request(request.url, { method: 'POST', headers: request.headers, body, signal: request.signal }))
      const answer = await response.clone().text()
      const keep = response.status < 500 && response.status !== 429 && answer.length <= LARGEST_ANSWER
      if (keep)
        await store.db
          .updateTable('idempotency')
          .set({ status: response.status, body_json: answer })
          .where('key', '=', key)
          .where('person', '=', person)
          .execute()
      else await forget(row())
      return response
    } catch (error) {
      await forget(row())
      throw error
    } finally {
      running.delete(running_key)
    }
  }

  async function forget({ key, person }: { key: string; person: string }): Promise<void> {
    await store.db.deleteFrom('idempotency').where('key', '=', key).where('person', '=', person).execute()
  }
}

async function wholeBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > LARGEST_BODY) throw new LifeOsError('body-too-large', 'The request is too large.')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function replay(status: number, body: string): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  return new Response(body, { status, headers: { 'content-type': type, 'idempotency-replayed': 'true' } })
}
