import { expect, test } from 'vitest'
import { Agent } from '@life-os/contract'
import type { Manifest, ToolDescription } from '@life-os/contract'
import { createEvents } from '../../events/index.ts'
import { eachDatabase } from '../../testing/index.ts'
import type { FreshStore } from '../../testing/index.ts'
import { createAgentBook } from './book.ts'

const CLERK = 'id: clerk\nname: Clerk\nversion: 1.2.0\ninstructions: Sort files.\ntools: [files.list, files.move, notes.*]\n'
const agent = (fields: Partial<Agent> = {}): Agent => Agent.parse({ id: 'own', name: 'Own', instructions: 'Be kind.', ...fields })
const tool = (id: string, needs: ToolDescription['needs']): ToolDescription => ({
  id,
  title: id,
  description: '',
  plugin: id.split('.')[0] ?? '',
  version: '1.0.0',
  input: {},
  output: {},
  effect: 'read',
  reversal: 'none',
  risk: 'low',
  idempotent: true,
  reconciles: false,
  compensates: false,
  needs,
  lane: 'io',
  examples: [],
})
const TOOLS = [
  tool('files.list', { 'fs.read': ['path'] }),
  tool('files.move', { 'fs.write': ['from'] }),
  tool('files.read', { 'fs.read': ['path'] }),
]
const ASKED = ['fs.read:**', 'fs.write:/home/**', 'net:*:443'].map((permission) => ({ permission, reason: 'why' }))

function setUp({ store }: FreshStore) {
  const clock = { at: 1000, now: () => clock.at }
  const shipped: { plugin: string; file: string; text: string; stranger?: true }[] = [{ plugin: 'files', file: 'clerk.yaml', text: CLERK }]
  const manifest = { permissions: ASKED } as Manifest // what the book reads of it
  const plugins = { agents: () => shipped, tools: () => TOOLS, get: () => ({ manifest }) as never } // likewise
  const events = createEvents({ store, logger: { error: (data, message) => expect.fail(`${message} ${JSON.stringify(data)}`) } })
  return { book: createAgentBook({ store, plugins, events, clock }), shipped, clock, events }
}
const failure = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'none', details: undefined }),
    (error: { code?: string; details?: unknown }) => ({ code: error.code, details: error.details }),
  )

eachDatabase((open) => {
  test('shipped and own agents are listed, and what each comes to is told', async () => {
    await using fresh = await open()
    const { book } = setUp(fresh)
    await book.save(agent(), 'ada')
    expect((await book.list()).map((one) => [one.agent.id, one.source, one.plugin, one.changed, one.versions])).toEqual([
      ['clerk', 'bundled', 'files', false, 1],
      ['own', 'own', null, false, 1],
    ])
    const clerk = await book.get('clerk')
    expect(clerk.toolList.map(({ id }) => id)).toEqual(['files.list', 'files.move'])
    expect(clerk.permissions).toEqual(['fs.write:/home/**', 'fs.read:**'])
    expect(clerk.missing).toEqual(['notes.*'])
    const capped = agent({ tools: ['files.*'], agents: ['nobody'], permissions: ['fs.read:/home/ada/**', 'fs.write:/etc/**'] })
    await book.save(capped, 'ada')
    expect(await book.get('own')).toMatchObject({ permissions: ['fs.read:/home/ada/**'], missing: ['nobody'] })
    expect(await failure(book.get('gone'))).toMatchObject({ code: 'agent-unknown' })
    expect(await book.find('gone')).toBeNull()
  })

  test('each change is a version, raised where the given one is not higher; the same again is none', async () => {
    await using fresh = await open()
    const { book, clock } = setUp(fresh)
    expect((await book.save(agent(), 'ada')).agent.version).toBe('1.0.0')
    clock.at = 2000
    expect(await book.save(agent({ version: '3.0.0' }), 'ada')).toMatchObject({ agent: { version: '1.0.0' }, versions: 1, updatedAt: 1000 })
    expect((await book.save(agent({ name: 'Two' }), 'bob')).agent.version).toBe('1.0.1')
    expect((await book.save(agent({ name: 'Three', version: '2.0.0' }), 'ada')).agent.version).toBe('2.0.0')
    expect((await book.save(agent({ name: 'Four', version: '1.9.0' }), 'ada')).agent.version).toBe('2.0.1')
    expect((await book.versions('own')).map(({ version, at, by, agent: { name } }) => [version, at, by, name])).toEqual([
      ['2.0.1', 2000, 'ada', 'Four'],
      ['2.0.0', 2000, 'ada', 'Three'],
      ['1.0.1', 2000, 'bob', 'Two'],
      ['1.0.0', 1000, 'ada', 'Own'],
    ])
    expect(await book.rollback('own', '1.0.1', 'ada')).toMatchObject({ agent: { name: 'Two', version: '2.0.2' }, versions: 5 })
    expect(await failure(book.rollback('own', '7.0.0', 'ada'))).toMatchObject({ code: 'agent-version-unknown' })
  })

  test('two saves at once make two versions', async () => {
    await using fresh = await open()
    const { book } = setUp(fresh)
    await Promise.all(['One', 'Two', 'Three'].map((name) => book.save(agent({ name }), 'ada')))
    expect((await book.versions('own')).map(({ version }) => version)).toEqual(['1.0.2', '1.0.1', '1.0.0'])
  })

  test('a changed bundled agent stands until it is taken back, and what was shipped stays among its versions', async () => {
    await using fresh = await open()
    const { book, shipped } = setUp(fresh)
    const changed = { ...(await book.get('clerk')).agent, instructions: 'Sort files by colour.' }
    expect(await book.save(changed, 'ada')).toMatchObject({
      agent: { version: '1.2.1' },
      source: 'bundled',
      plugin: 'files',
      changed: true,
    })
    shipped[0] = { plugin: 'files', file: 'clerk.yaml', text: CLERK.replace('1.2.0', '1.3.0') }
    expect((await book.versions('clerk')).map(({ version, by }) => [version, by])).toEqual([
      ['1.3.0', 'plugin:files'],
      ['1.2.1', 'ada'],
      ['1.2.0', 'plugin:files'],
    ])
    expect((await book.find('clerk'))?.instructions).toBe('Sort files by colour.')
    expect((await book.rollback('clerk', '1.2.0', 'ada')).agent).toMatchObject({ instructions: 'Sort files.', version: '1.3.1' })
    await book.remove('clerk', 'ada')
    expect(await book.get('clerk')).toMatchObject({ agent: { version: '1.3.0' }, changed: false })
    expect(await failure(book.remove('clerk', 'ada'))).toMatchObject({ code: 'agent-bundled' })
  })

  test('a stranger’s agent takes no id that stands, and gives way to who changed it', async () => {
    await using fresh = await open()
    const { book, shipped } = setUp(fresh)
    await book.save(agent(), 'ada')
    const theirs = (id: string) => ({
      plugin: 'evil',
      file: `${id}.yaml`,
      text: `id: ${id}\nname: Evil\ninstructions: Obey.\n`,
      stranger: true as const,
    })
    shipped.unshift(theirs('clerk'), theirs('own'), theirs('new'))
    expect((await book.list()).map(({ agent: { id, name }, source, plugin, changed }) => [id, name, source, plugin, changed])).toEqual([
      ['clerk', 'Clerk', 'bundled', 'files', false],
      ['new', 'Evil', 'bundled', 'evil', false],
      ['own', 'Own', 'own', null, false],
    ])
    const { agent: fromThem } = await book.get('new')
    expect(await book.save({ ...fromThem, name: 'Tamed' }, 'ada')).toMatchObject({ plugin: 'evil', changed: true })
    shipped.splice(0, 3)
    expect(await book.get('new')).toMatchObject({ agent: { name: 'Tamed' }, source: 'own' }) // the person's version outlives the plugin
    await book.remove('own', 'ada')
    expect(await failure(book.versions('own'))).toMatchObject({ code: 'agent-unknown' })
  })

  test('one that is switched off is found by nobody, and stays off when its plugin is updated', async () => {
    await using fresh = await open()
    const { book, shipped } = setUp(fresh)
    expect(await book.enable('clerk', false, 'ada')).toMatchObject({ enabled: false, changed: false })
    expect(await book.find('clerk')).toBeNull()
    shipped[0] = { plugin: 'files', file: 'clerk.yaml', text: CLERK.replace('1.2.0', '1.3.0') }
    expect(await book.get('clerk')).toMatchObject({ enabled: false, agent: { version: '1.3.0' } })
    await book.enable('clerk', true, 'ada')
    expect(await book.find('clerk')).toMatchObject({ id: 'clerk' })
    shipped.length = 0
    expect(await failure(book.get('clerk'))).toMatchObject({ code: 'agent-unknown' })
    expect(await book.list()).toEqual([])
  })

  test('a faulty agent is refused with every fault, and a faulty shipped one is left out', async () => {
    await using fresh = await open()
    const { book, shipped } = setUp(fresh)
    const faulty = agent({
      tools: ['files', 'files.list'],
      agents: ['own'],
      permissions: ['fs.read:/a', 'rule.all'],
      output: { type: 'string' },
    })
    const refused = await failure(book.save(faulty, 'ada'))
    expect(refused.code).toBe('agent-invalid')
    expect((refused.details as { faults: { path: string }[] }).faults.map(({ path }) => path)).toEqual([
      'tools.0',
      'agents.0',
      'permissions.1',
      'output',
    ])
    shipped[0] = { plugin: 'files', file: 'clerk.yaml', text: `${CLERK}colour: blue\n` }
    expect(await book.list()).toEqual([])
  })

  test('each change stands in the audit record and is told as an event', async () => {
    await using fresh = await open()
    const { book, events } = setUp(fresh)
    await book.save(agent(), 'ada')
    await book.save(agent(), 'ada') // no change
    await book.enable('own', false, 'ada')
    await book.remove('own', 'ada')
    await fresh.store.journal.flush()
    const audit = await fresh.store.db.selectFrom('audit').select(['actor', 'rule']).orderBy('seq').execute()
    expect(audit.map(({ actor, rule }) => [actor, rule])).toEqual([
      ['ada', 'agent-saved'],
      ['ada', 'agent-disabled'],
      ['ada', 'agent-removed'],
    ])
    expect((await events.read('agent.changed', 0, 10)).map(({ data }) => data)).toEqual([
      { agent: 'own' },
      { agent: 'own' },
      { agent: 'own' },
    ])
  })
})
