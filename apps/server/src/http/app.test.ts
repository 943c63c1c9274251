import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeSampleFolder } from '@life-os/kernel/sample'
import type { ApprovalDetail, JournalEntry, Preview, Run } from '@life-os/contract'
import { openServer } from '../testing/open.ts'
import type { TestServer } from '../testing/open.ts'
import { pictureType } from './picture.ts'

let server: TestServer
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const json = async <T>(response: Response): Promise<T> => {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as T // the contract's answer, as the test names it
}
const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body: JSON.stringify(body), headers })
const owned = (path: string, init?: RequestInit): Promise<Response> => server.ask(path, init, server.owner)

describe('failures', () => {
  test.each<[string, string, RequestInit, number, string]>([
    ['an unknown route', '/api/v1/nothing', {}, 404, 'route-unknown'],
    ['an unknown page of the API', '/api/nothing', {}, 404, 'route-unknown'],
    ['an unknown run', '/api/v1/runs/01900000-0000-7000-8000-000000000000', {}, 404, 'run-unknown'],
    ['an unknown plan', '/api/v1/plans/nowhere', {}, 404, 'plan-missing'],
    ['an unknown plugin', '/api/v1/plugins/nowhere', {}, 404, 'plugin-unknown'],
    ['an id that is none', '/api/v1/runs/abc', {}, 422, 'input-invalid'],
    ['a limit beyond the most', '/api/v1/runs?limit=1000', {}, 422, 'input-invalid'],
    ['a body that is no JSON', '/api/v1/runs', { method: 'POST', body: '{"plan":' }, 422, 'input-invalid'],
    ['an input of the wrong type', '/api/v1/settings', { method: 'PATCH', body: '{"undoDays":"many"}' }, 422, 'input-invalid'],
    ['a position that is no number', '/api/v1/events?after=soon', {}, 422, 'input-invalid'],
    ['a folder that is not there', '/api/v1/folders?path=/no/such/folder', {}, 404, 'folder-missing'],
    ['a relative folder', '/api/v1/folders?path=etc', {}, 400, 'folder-path-invalid'],
  ])('%s', async (_what, path, init, status, code) => {
    const response = await owned(path, init)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const problem = await response.json()
    expect(problem).toMatchObject({
      status,
      code,
      type: `/api/docs#problem-${code}`,
      title: expect.any(String),
      detail: expect.stringMatching(/\S/),
      instance: path.split('?')[0],
      requestId: response.headers.get('x-request-id'),
    })
    expect(response.status).toBe(status)
    expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.ts:\d+|node_modules|stack/)
  })

  test('faults of a plan come each with its place', async () => {
    const response = await owned(
      '/api/v1/plans',
      post({ plan: 'id: bad\nname: Bad\nsteps:\n  - id: a\n    tool: files.nothing\n  - id: b\n    set: "${{ steps.zzz }}"\n' }),
    )
    expect(await response.json()).toMatchObject({
      status: 422,
      code: 'plan-invalid',
      errors: [
        { code: 'tool-unknown', line: 5 },
        { code: 'step-unknown', line: 7 },
      ],
    })
  })

  test('what fails inside is told without its words, and logged with them', async () => {
    await using own = await openServer()
    own.kernel.gate.audit.verify = () => Promise.reject(new Error('inner words'))
    const response = await own.ask('/api/v1/audit/verify', { method: 'POST' }, own.owner)
    const problem = await response.text()
    expect(response.status).toBe(500)
    expect(problem).not.toContain('inner words')
    expect(own.log.find((line) => line.includes('inner words'))).toContain(response.headers.get('x-request-id'))
  })

  test('a request id of the caller is kept when it is a plain one', async () => {
    expect((await owned('/health/live', { headers: { 'x-request-id': 'my-request-1' } })).headers.get('x-request-id')).toBe('my-request-1')
    expect((await owned('/health/live', { headers: { 'x-request-id': 'a b<script>' } })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    )
  })

  test('a body beyond the most is refused', async () => {
    const response = await owned('/api/v1/plans/check', post({ plan: 'x'.repeat(9 * 1024 ** 2) }))
    expect(await response.json()).toMatchObject({ status: 413, code: 'body-too-large' })
  })
})

describe('answers', () => {
  test('an unchanged answer is not sent again', async () => {
    const first = await owned('/api/v1/settings')
    const etag = first.headers.get('etag') ?? ''
    const again = await owned('/api/v1/settings', { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    await owned('/api/v1/settings', { method: 'PATCH', body: '{"undoDays":31}' })
    expect((await owned('/api/v1/settings', { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('a large answer is compressed for who accepts it', async () => {
    const plain = await owned('/api/v1/tools')
    const packed = await owned('/api/v1/tools', { headers: { 'accept-encoding': 'br, gzip' } })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(await plain.text())
    expect((await owned('/api/v1/settings', { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-encoding')).toBeNull()
    expect((await owned('/api/v1/tools', { headers: { 'accept-encoding': 'gzip;q=0' } })).headers.get('content-encoding')).toBeNull()
  })

  test('the document names every route of the contract and the page lists them', async () => {
    const document = await json<{ openapi: string; paths: Record<string, Record<string, { operationId?: string }>> }>(
      await owned('/api/openapi.json'),
    )
    expect(document.openapi).toMatch(/^3\.1/)
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/runs',
        '/runs/{id}/undo',
        '/approvals/{id}/answer',
        '/events',
        '/blobs/{sha256}',
        '/thumbnail',
        '/sign-in',
      ]),
    )
    const page = await (await owned('/api/docs')).text()
    for (const path of Object.keys(document.paths)) expect(page).toContain(`<code>${path}</code>`)
    expect(page).not.toMatch(/<script|https?:\/\/(?!127)/)
  })
})

describe('Idempotency-Key', () => {
  const plan = { id: 'note', name: 'Note', steps: [{ id: 'a', set: 1 }] }
  test('the same request acts once, another one under its key is refused', async () => {
    const body = { plan, mode: 'autopilot' }
    const before = (await json<{ total: number }>(await owned('/api/v1/runs'))).total
    const first = await owned('/api/v1/runs', post(body, { 'idempotency-key': 'one' }))
    const again = await owned('/api/v1/runs', post(body, { 'idempotency-key': 'one' }))
    expect((await json<Run>(again)).id).toBe((await json<Run>(first)).id)
    expect([first.headers.get('idempotency-replayed'), again.headers.get('idempotency-replayed')]).toEqual([null, 'true'])
    expect((await json<{ total: number }>(await owned('/api/v1/runs'))).total).toBe(before + 1)
    const other = await owned('/api/v1/runs', post({ ...body, priority: 3 }, { 'idempotency-key': 'one' }))
    expect(await other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' })
  })

  test('two at once act once', async () => {
    const asked = await Promise.all([1, 2].map(() => owned('/api/v1/runs', post({ plan }, { 'idempotency-key': 'two' }))))
    expect(asked.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('one that was cut off is not repeated blindly', async () => {
    const { id } = await server.kernel.auth.owner()
    const body = JSON.stringify({ plan })
    const request_hash = createHash('sha256').update('/api/v1/runs\n').update(body).digest('hex')
    await server.kernel.store.db
      .insertInto('idempotency')
      .values({ key: 'cut', person: id, request_hash, status: 0, body_json: '', at: Date.now() })
      .execute()
    const response = await owned('/api/v1/runs', { method: 'POST', body, headers: { 'idempotency-key': 'cut' } })
    expect(await response.json()).toMatchObject({ status: 409, code: 'idempotency-interrupted' })
  })

  test('answers with secrets are not stored', async () => {
    const caller = await server.signedIn()
    const made = await server.ask('/api/v1/tokens', post({ name: 'x', scopes: ['read'] }, { 'idempotency-key': 'three' }), caller)
    const { secret } = await json<{ secret: string }>(made)
    const rows = await server.kernel.store.db.selectFrom('idempotency').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(secret)
  })
})

describe('blobs', () => {
  test('bytes come back as they went in, as a download that runs nothing', async () => {
    const bytes = Buffer.from('<script>alert(1)</script>\0\xff', 'latin1')
    const { hash, size } = await json<{ hash: string; size: number }>(
      await owned('/api/v1/blobs', { method: 'POST', body: bytes, headers: { 'content-type': 'text/html' } }),
    )
    expect([hash, size]).toEqual([createHash('sha256').update(bytes).digest('hex'), bytes.length])
    const back = await owned(`/api/v1/blobs/${hash}`)
    expect(Buffer.from(await back.arrayBuffer())).toEqual(bytes)
    expect(Object.fromEntries(back.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': expect.stringMatching(/^attachment/),
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    })
    expect((await owned(`/api/v1/blobs/${hash}`, { headers: { 'if-none-match': `"${hash}"` } })).status).toBe(304)
    const wrong = await owned(`/api/v1/blobs/${'0'.repeat(64)}`, { method: 'POST', body: bytes })
    expect(await wrong.json()).toMatchObject({ status: 422, code: 'blob-differs' })
  })

  test.each(['0'.repeat(64), '../../audit.key', '..%2f..%2faudit.key', 'ABC'])('no such blob: %s', async (name) => {
    expect((await owned(`/api/v1/blobs/${name}`)).status).toBe(404)
  })
})

describe('folders and pictures', () => {
  test('a folder is listed as a person counts, and its pictures may be seen from then on', async () => {
    const folder = join(server.folder, 'pictures')
    mkdirSync(join(folder, 'sub'), { recursive: true })
    const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(100)])
    for (const name of ['b10.png', 'b9.png', 'a.txt']) writeFileSync(join(folder, name), name.endsWith('png') ? png : 'text')
    writeFileSync(join(folder, 'page.png'), '<html>')
    writeFileSync(join(folder, 'big.png'), Buffer.concat([png, Buffer.alloc(6 * 1024 ** 2)]))
    symlinkSync(join(folder, 'b9.png'), join(folder, 'link.png'))
    const picture = (name: string) => owned(`/api/v1/thumbnail?path=${encodeURIComponent(join(folder, name))}`)
    expect((await picture('b9.png')).status).toBe(403)
    expect(
      (await json<{ entries: { name: string }[] }>(await owned(`/api/v1/folders?path=${folder}`))).entries.map(({ name }) => name),
    ).toEqual(['sub'])
    const listed = await json<{ entries: { name: string; kind: string }[]; parent: string }>(
      await owned(`/api/v1/folders?path=${folder}&files=true`),
    )
    expect(listed.entries.map(({ name }) => name)).toEqual(['sub', 'a.txt', 'b9.png', 'b10.png', 'big.png', 'link.png', 'page.png'])
    expect(listed.parent).toBe(server.folder)
    const shown = await picture('b9.png')
    expect([shown.status, shown.headers.get('content-type'), shown.headers.get('content-security-policy')]).toEqual([
      200,
      'image/png',
      "default-src 'none'; sandbox",
    ])
    for (const name of ['a.txt', 'page.png', 'big.png', 'link.png', 'sub', 'gone.png'])
      expect([name, (await picture(name)).status]).toEqual([name, 404])
    expect((await owned(`/api/v1/thumbnail?path=${encodeURIComponent(`${folder}/sub/../b9.png`)}`)).status).toBe(422)
    expect((await server.ask(`/api/v1/thumbnail?path=${join(folder, 'b9.png')}`, {}, await server.token(['read']))).status).toBe(403)
  })

  test('a folder that cannot be read says so', async () => {
    expect(await (await owned(`/api/v1/folders?path=/${'x'.repeat(300)}`)).json()).toMatchObject({ status: 503, code: 'folder-unreadable' })
  })

  test.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['GIF89a', 'image/gif'],
    ['RIFF1234WEBP', 'image/webp'],
    ['1234ftypavif', 'image/avif'],
    ['<svg>', undefined],
    ['', undefined],
    ['%PDF-1.7', undefined],
  ])('by its bytes, %j is %s', (head, type) => {
    expect(pictureType(Buffer.from(head, 'latin1'))).toBe(type)
  })
})

describe('the whole story over HTTP', () => {
  test('preview, untick, approve, watch, undo', async () => {
    const folder = join(server.folder, 'messy')
    await makeSampleFolder(folder)
    const { run, preview } = await json<{ run: Run; preview: Preview }>(
      await owned('/api/v1/runs/preview', post({ plan: 'tidy-folder', inputs: { folder } })),
    )
    expect([run.state, preview.summary.totals.final]).toEqual(['waiting', 0])
    expect(preview.changes.length).toBeGreaterThan(50)
    const picture = preview.changes
      .map(({ change }) => change)
      .find((change) => change.kind === 'file-move' && change.from.endsWith('.png'))
    if (picture?.kind !== 'file-move') throw new Error('the sample has pictures')
    expect(
      (await server.ask(`/api/v1/thumbnail?path=${encodeURIComponent(picture.from)}&run=${run.id}`, {}, await server.token(['read'])))
        .status,
    ).toBe(200)
    const unticked = await json<ApprovalDetail>(
      await owned(`/api/v1/approvals/${run.approval}/untick`, post({ except: [], exceptGlobs: ['**/*.pdf'] })),
    )
    const shown = unticked.preview?.changes ?? []
    expect(shown.some(({ change }) => change.kind === 'file-move' && change.from.endsWith('.pdf'))).toBe(false)
    const stale = await owned(`/api/v1/approvals/${unticked.id}/answer`, post({ answer: 'approve', hash: preview.summary.hash }))
    expect([stale.status, ((await stale.json()) as { code: string }).code]).toEqual([409, 'approval-stale'])

    const events = await owned(`/api/v1/events?run=${run.id}`)
    const reading = readEvents(events, (entry) => entry.event.type === 'run-finished')
    await json(await owned(`/api/v1/approvals/${unticked.id}/answer`, post({ answer: 'approve', hash: unticked.hash })))
    const entries = await reading
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
    expect(await server.kernel.runs.settled(run.id)).toMatchObject({ state: 'done', progress: { effects: shown.length, failed: 0 } })
    const replayed = await readEvents(
      await owned(`/api/v1/events?run=${run.id}`, { headers: { 'last-event-id': '5' } }),
      (entry) => entry.event.type === 'run-finished',
    )
    expect(replayed).toEqual(entries.slice(5))

    const undo = await json<Run>(await owned(`/api/v1/runs/${run.id}/undo`, post({})))
    expect(await server.kernel.runs.settled(undo.id)).toMatchObject({ kind: 'undo', state: 'done', of: run.id })
    expect((await json<Run>(await owned(`/api/v1/runs/${run.id}`))).undo.undoneBy).toBe(undo.id)
    expect(await json(await owned('/api/v1/audit/verify', { method: 'POST' }))).toMatchObject({ ok: true })
  })

  test('a member cannot answer what asks for an administrator', async () => {
    const plan = { id: 'asks', name: 'Asks', steps: [{ id: 'ask', approve: 'Really?', role: 'admin' }] }
    const started = await json<Run>(await owned('/api/v1/runs', post({ plan, mode: 'autopilot' })))
    const waiting = await server.kernel.runs.settled(started.id)
    const { link } = await server.kernel.auth.add('Bob', 'member')
    const signIn = await server.ask('/api/v1/sign-in', post({ link }))
    const { csrf } = await json<{ csrf: string }>(signIn)
    const bob = {
      headers: { cookie: (signIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrf },
      peer: server.stranger.peer,
    }
    const { hash } = await json<ApprovalDetail>(await owned(`/api/v1/approvals/${waiting.approval}`))
    const answer = await server.ask(`/api/v1/approvals/${waiting.approval}/answer`, post({ answer: 'approve', hash }), bob)
    expect(await answer.json()).toMatchObject({ status: 403, code: 'role-missing' })
  })

  test('topics are streamed from now on, or from where the reader was', async () => {
    const plan = { id: 'note', name: 'Note', steps: [{ id: 'a', set: 1 }] }
    const first = await json<Run>(await owned('/api/v1/runs', post({ plan, mode: 'autopilot' })))
    await server.kernel.runs.settled(first.id)
    const live = await owned('/api/v1/events')
    const second = await json<Run>(await owned('/api/v1/runs', post({ plan, mode: 'autopilot' })))
    const isEnd =
      (run: string) =>
      ({ topic, data }: { topic: string; data: Record<string, unknown> }) =>
        topic === 'run.finished' && data['run'] === run
    const heard = await readTopics(live, isEnd(second.id))
    expect(heard.some(({ data }) => data['run'] === first.id)).toBe(false)
    const all = await readTopics(await owned('/api/v1/events?after=0'), isEnd(second.id))
    expect(all.some(isEnd(first.id))).toBe(true)
  })

  test('a stream ends when its caller is signed out', async () => {
    await using own = await openServer({ heartbeat: 10 })
    const caller = await own.signedIn()
    const stream = await own.ask('/api/v1/events', {}, caller)
    await own.ask('/api/v1/sign-out', { method: 'POST' }, caller)
    let text = ''
    for await (const chunk of stream.body!) text += Buffer.from(chunk).toString()
    expect(text).toContain('retry: 1000')
  })
})

async function readFrames<T>(response: Response, name: string, isLast: (item: T) => boolean): Promise<T[]> {
  const items: T[] = []
  let text = ''
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end)
      text = text.slice(end + 2)
      if (!frame.includes(`event: ${name}\n`)) continue
      const item = JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as T // the event's name tells the shape
      items.push(item)
      if (isLast(item)) return items
    }
  }
  return items
}
const readEvents = (response: Response, isLast: (entry: JournalEntry) => boolean) => readFrames<JournalEntry>(response, 'journal', isLast)
const readTopics = (response: Response, isLast: (event: { topic: string; data: Record<string, unknown> }) => boolean) =>
  readFrames(response, 'topic', isLast)
