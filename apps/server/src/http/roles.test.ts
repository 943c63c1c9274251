import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
let runner: Caller
let member: Caller
beforeAll(async () => {
  server = await openServer()
  runner = await server.token(['read', 'run'])
  member = await server.token(['read', 'run', 'approve'])
})
afterAll(() => server[Symbol.asyncDispose]())

const answered = async (response: Response) => [response.status, ((await response.json()) as { code?: string }).code] // a problem or a document
const start = (caller: Caller, allow: string[]) =>
  server.ask(
    '/api/v1/runs',
    { method: 'POST', body: JSON.stringify({ plan: { id: 'p', name: 'P', steps: [{ id: 'a', set: 1 }] }, mode: 'autopilot', allow }) },
    caller,
  )

describe('allowing something for a run is a decision', () => {
  test.each<[string, () => Caller, string[], number, string | undefined]>([
    ['whoever may only run allows nothing', () => runner, ['fs.read:/srv/**'], 403, 'scope-missing'],
    ['whoever may approve allows', () => member, ['fs.read:/srv/**'], 200, undefined],
    ['but no bare secret', () => member, ['secret.read:x'], 403, 'scope-missing'],
    ['an administrator does', () => server.owner, ['secret.read:x'], 200, undefined],
    ['what is no permission is refused before anything starts', () => server.owner, ['fs.read:srv'], 400, 'permission-invalid'],
  ])('%s', async (_what, caller, allow, status, code) => {
    expect(await answered(await start(caller(), allow))).toEqual([status, code])
  })
})

describe('grants and levels are an administrator’s', () => {
  const level = (caller: Caller, body: object) => server.ask('/api/v1/grants/levels', { method: 'PUT', body: JSON.stringify(body) }, caller)
  const files = { domain: 'files', subject: { kind: 'any', id: '*' }, level: 'suggest' }
  test('others read them', async () => {
    expect(await answered(await level(member, files))).toEqual([403, 'scope-missing'])
    expect((await level(server.owner, files)).status).toBe(200)
    const levels = (await (await server.ask('/api/v1/grants/levels', {}, runner)).json()) as { domain: string; level: string }[] // the contract's answer
    expect(levels.find(({ domain }) => domain === 'files')?.level).toBe('suggest')
    const denied = (await (await server.ask('/api/v1/grants?verdict=ask', {}, runner)).json()) as { items: { permission: string }[] } // likewise
    expect(denied.items.map(({ permission }) => permission)).toEqual(['fs.write:**'])
  })
  test('the audit record is found by its rule and time', async () => {
    const found = (await (await server.ask('/api/v1/audit?rule=level-set&from=1', {}, server.owner)).json()) as { total: number } // likewise
    expect(found.total).toBe(1)
    expect((await server.ask('/api/v1/audit', {}, member)).status).toBe(403)
  })
})

describe('labels are a person’s own word', () => {
  test('no token sets or lowers one, whatever its scopes', async () => {
    const admin = await server.token(['read', 'run', 'approve', 'admin'])
    const set = (caller: Caller, area: string) =>
      server.ask(`/api/v1/labels/${area}`, { method: 'PUT', body: JSON.stringify({ path: server.kernel.home, labels: [] }) }, caller)
    expect(await answered(await set(admin, 'folder'))).toEqual([403, 'session-needed'])
    expect(await answered(await set(admin, 'file'))).toEqual([403, 'session-needed'])
    expect((await set(server.owner, 'folder')).status).toBe(200)
  })
})
