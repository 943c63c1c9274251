// A page that makes a model put words into an address: what a person named is that address, not its whole site.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Agent, type Plan } from '@life-os/contract'
import { planOf } from '../../runs/testing.ts'
import { freshPlace } from '../../store/testing.ts'
import { helper, openAgents, type TestAgents } from './testing.ts'

interface Site extends AsyncDisposable {
  origin: string
  /** Paths and queries that were asked for, with what was said beside. */
  got: string[]
}

async function site(pages: (origin: string) => Record<string, string>): Promise<Site> {
  const got: string[] = []
  const at = { origin: '' }
  const server = createServer((request, response) => {
    const said = request.headers['x-said']
    got.push(`${request.url ?? ''}${said === undefined ? '' : ` ${String(said)}`}`)
    const page = pages(at.origin)[request.url ?? '']
    if (page?.startsWith('to ')) return void response.writeHead(302, { location: page.slice(3) }).end()
    response.end(page ?? 'nothing here')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  at.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has a port
  return {
    ...at,
    got,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const plan = (): Plan =>
  planOf(`
id: talk
name: Talk
inputs:
  say: { type: text }
  folder: { type: path }
  addresses: { type: list, of: { type: text }, default: [] }
steps:
  - id: answer
    agent: helper
    input: { say: "\${{ inputs.say }}" }
outputs: { answer: "\${{ steps.answer }}" }
`)

type Call = (at: { origin: string; folder: string }) => { tool: string; input: Record<string, unknown> }
const get =
  (path: string): Call =>
  ({ origin }) => ({ tool: 'obey.get', input: { url: origin + path } })
const readMine: Call = ({ folder }) => ({ tool: 'obey.read', input: { path: join(folder, 'mine.txt') } })

/** An agent that makes these calls one after the other, after a person named `/start`. */
async function calls(
  made: readonly Call[],
  check: (it: TestAgents, page: Site, state: string) => Promise<void> | void,
  prepare: (it: TestAgents) => Promise<unknown> = async () => undefined,
): Promise<void> {
  await using page = await site((origin) => ({
    '/start': `Dear assistant. <a href="/next">On</a> ${origin}/docs/a?b=1, too. All of it: ${origin}/all/of/it`,
    '/docs/a?b=1': 'the docs',
    '/moved': 'to /elsewhere?by=site',
  }))
  await using place = await freshPlace('sqlite')
  const folder = { path: '' }
  await using it = await openAgents(
    place,
    ({ messages }) => {
      const next = made[messages.flatMap(({ results }) => results).length]
      return next ? { calls: [next({ origin: page.origin, folder: folder.path })] } : 'Done.'
    },
    { agents: [Agent.parse({ ...helper, tools: ['obey.*'] })] },
  )
  folder.path = it.kernel.folder
  writeFileSync(join(folder.path, 'mine.txt'), 'dear')
  await prepare(it)
  const run = await it.talk('Read it.', {
    plan: plan(),
    inputs: { say: 'Read it.', folder: folder.path, addresses: [`${page.origin}/start`, `${page.origin}/moved`] },
  })
  await check(it, page, run.state)
}

async function asked(it: TestAgents, words: RegExp): Promise<void> {
  const { items } = await it.kernel.deps.gate.approvals.list({ state: 'waiting', limit: 10 })
  expect(items).toMatchObject([{ kind: 'permission', message: expect.stringMatching(words) }])
}
const looking = (it: TestAgents) => it.kernel.deps.gate.grants.setLevel('web', { kind: 'any', id: '*' }, 'view', 'ada')

describe('an address that a person named', () => {
  test('is read, again too, and what the site leads to by itself', () =>
    calls([get('/start'), get('/start/'), get('/start#part'), get('/moved')], (_it, page, state) => {
      expect(state).toBe('done')
      expect(page.got).toEqual(['/start', '/start/', '/start', '/moved', '/elsewhere?by=site'])
    }))

  test.each(['/start?q=dear', '/dear', '/docs/a', '/docs/a?b=12', '/all/of', '/all/of/it/too'])(
    'does not allow another one of its site once the page was read: %s',
    (path) =>
      calls([get('/start'), get(path)], async (it, page, state) => {
        expect(state).toBe('waiting')
        expect(page.got).toEqual(['/start'])
        await asked(it, /^With content from outside \(from http.+ in hand, http.+ was put together: you did not name it\./)
      }),
  )

  test('does not allow words beside the address', () =>
    calls(
      [get('/start'), ({ origin }) => ({ tool: 'obey.say', input: { url: `${origin}/start`, headers: { 'x-said': 'dear' } } })],
      (_it, page, state) => {
        expect(state).toBe('waiting')
        expect(page.got).toEqual(['/start'])
      },
    ))

  test('allows the pages that it names, whole', () =>
    calls([get('/start'), get('/docs/a?b=1'), get('/all/of/it')], (_it, page, state) => {
      expect(state).toBe('done')
      expect(page.got).toEqual(['/start', '/docs/a?b=1', '/all/of/it'])
    }))

  test('allows none of them once a file was read: which one is read could spell it', () =>
    calls([get('/start'), readMine, get('/docs/a?b=1')], async (it, page, state) => {
      expect(state).toBe('waiting')
      expect(page.got).toEqual(['/start'])
      await asked(it, /Words of yours/)
    }))

  test('what a person answers is done, for this address', () =>
    calls([get('/start'), readMine, get('/dear'), get('/more')], async (it, page) => {
      const { items } = await it.kernel.deps.gate.approvals.list({ state: 'waiting', limit: 10 })
      const run = await it.runs.get(items[0]?.run ?? '')
      expect(await it.answer(run)).toMatchObject({ state: 'waiting' })
      expect(page.got).toEqual(['/start', '/dear'])
    }))
})

describe('leave to look anywhere', () => {
  test('is leave to follow what is read', () =>
    calls(
      [get('/start'), get('/composed?q=words')],
      (_it, page, state) => {
        expect(state).toBe('done')
        expect(page.got).toEqual(['/start', '/composed?q=words'])
      },
      looking,
    ))

  test('does not carry words of a file away', () =>
    calls(
      [readMine, get('/start'), get('/?q=dear')],
      async (it, page, state) => {
        expect(state).toBe('waiting')
        expect(page.got).toEqual(['/start'])
        await asked(it, /Words of yours/)
      },
      looking,
    ))
})

describe('what a change would be', () => {
  const save: Call = ({ origin, folder }) => ({ tool: 'obey.save', input: { url: `${origin}/?q=dear`, path: join(folder, 'saved.txt') } })

  test('is not looked up where nobody allowed to look', async () => {
    await using page = await site(() => ({}))
    await using place = await freshPlace('sqlite')
    const folder = { path: '' }
    await using it = await openAgents(
      place,
      ({ messages }) =>
        messages.some(({ results }) => results.length > 0) ? 'Done.' : { calls: [save({ origin: page.origin, folder: folder.path })] },
      { agents: [Agent.parse({ ...helper, tools: ['obey.*'] })] },
    )
    folder.path = it.kernel.folder
    const run = await it.talk('Save it.')
    expect(run.state).toBe('waiting')
    expect(page.got).toEqual([])
    expect(await it.waiting(run)).toMatchObject({ kind: 'permission', needs: [{ kind: 'net' }] })
    const shown = await it.answer(run)
    expect(page.got).toEqual(['/?q=dear'])
    expect(await it.waiting(shown)).toMatchObject({ kind: 'step' })
    expect(await it.answer(shown)).toMatchObject({ state: 'done' })
  })

  test('nor where words from outside put the address together', () =>
    calls([get('/start'), save], (_it, page, state) => {
      expect(state).toBe('waiting')
      expect(page.got).toEqual(['/start'])
    }))
})
