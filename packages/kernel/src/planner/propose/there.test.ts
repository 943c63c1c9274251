import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan, ToolDescription } from '@life-os/contract'
import { parsePlan } from '../../plans/index.ts'
import { temporaryFolder } from '../../testing/index.ts'
import { createPlaces, type Places } from '../places.ts'
import { nearest, slips } from '../words/spelling.ts'
import { lookAtPlaces, neededPlaces } from './there.ts'
import { planOfTool } from './tool-plans.ts'

const root = fileURLToPath(new URL('../../../../..', import.meta.url))
function planOf(text: string): Plan {
  const parsed = parsePlan(text)
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join())
  return parsed.plan
}
const shipped = new Map(
  globSync('plugins/*/src/plans/*.yaml', { cwd: root }).map((file) => {
    const plan = planOf(readFileSync(join(root, file), 'utf8'))
    return [plan.id, plan]
  }),
)
const tool = (id: string, title: string, needs: ToolDescription['needs'], fields = ['path'], output: object = {}): ToolDescription => ({
  id,
  title,
  description: title,
  plugin: 'files',
  version: '1.0.0',
  input: { type: 'object', properties: Object.fromEntries(fields.map((field) => [field, { type: 'string' }])), required: fields },
  output: { type: 'object', properties: output },
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
// As the shipped plugins declare them.
const TOOLS = [
  tool('files.list', 'List a folder', { 'fs.read': ['path', "${{ input.path + '/**' }}"] }),
  tool('files.find-duplicates', 'Find duplicate files', { 'fs.read': ['path'] }),
  tool('files.stat', 'Look at a path', { 'fs.read': ['path'] }, ['path'], { exists: { type: 'boolean' } }),
  tool('files.remove', 'Remove a file or folder', { 'fs.write': ['path'] }),
  tool('files.make-folder', 'Make a folder', { 'fs.write': ['path'] }),
  tool('files.move', 'Move a file or folder', { 'fs.write': ['from', 'to'] }, ['from', 'to']),
  tool('text.csv-to-json', 'Read a CSV', { 'fs.read': ['path'] }),
  tool('code.save-files', 'Save files', { 'fs.write': ['folder'] }),
  tool('git.status', 'Look at a repository', { exec: ["${{ 'git' }}"], 'fs.read': ['repository'] }),
  tool('git.clone', 'Clone', { exec: ["${{ 'git' }}"], 'fs.write': ['folder'], net: ['url'] }),
  tool('shell.try', 'Try a script', { exec: ["${{ 'sh' }}"], 'fs.read': ['read'], 'fs.write': ['folder'] }),
  tool('browser.pdf', 'Save as PDF', { browser: ['page'], 'fs.write': ['folder'] }),
]
const context = { tool: (id: string) => TOOLS.find((one) => one.id === id), plan: (id: string) => shipped.get(id) }

describe('what must be there before a plan can do anything', () => {
  it.each([
    ['tidy-folder', ['folder']],
    ['find-duplicates', ['folder']],
    ['rename-photos', ['folder']],
    ['replace-in-files', ['folder']],
    ['commit-all', ['repository']],
    ['script-on-folder', ['folder']],
    ['table-and-plot', ['table']],
    ['save-page', []],
    ['save-feed', []],
    ['page-as-pdf', []],
  ])('%s: %j', (id, wanted) => {
    expect([...neededPlaces(shipped.get(id)!, context)]).toEqual(wanted)
  })

  it('of a plan of one tool: what it reads, takes or removes, not what it makes', () => {
    const needed = (id: string) => [...neededPlaces(planOfTool(context.tool(id)!)!, context)]
    expect(['files.list', 'files.remove', 'files.move', 'files.make-folder', 'files.stat'].map(needed)).toEqual([
      ['path'],
      ['path'],
      ['from'],
      [],
      [],
    ])
  })

  it('of the plans that it calls too, but of nothing that may be left out', () => {
    const both = planOf(
      'id: both\nname: Both\ninputs: { a: { type: path }, b: { type: path } }\nsteps:\n' +
        '  - { id: one, plan: tidy-folder, input: { folder: "${{ inputs.a }}" } }\n' +
        '  - { id: two, when: "${{ 1 > 2 }}", tool: files.list, input: { path: "${{ inputs.b }}" } }\n',
    )
    expect([...neededPlaces(both, context)]).toEqual(['a'])
    const round = planOf(
      'id: tidy-folder\nname: R\ninputs: { folder: { type: path } }\nsteps: [{ id: a, plan: tidy-folder, input: { folder: "${{ inputs.folder }}" } }]\n',
    )
    expect([...neededPlaces(round, { ...context, plan: () => round })]).toEqual([])
  })
})

describe('a place that is not there', () => {
  let home: ReturnType<typeof temporaryFolder>
  let places: Places
  beforeAll(() => {
    home = temporaryFolder()
    for (const name of ['Downloads/Invoices', 'Documents', 'Notes1', 'Notes2']) mkdirSync(join(home.path, name), { recursive: true })
    writeFileSync(join(home.path, 'Documents/expenses.csv'), 'a\n')
    places = createPlaces(home.path)
  })
  afterAll(() => home[Symbol.dispose]())
  const look = (id: string, inputs: Record<string, unknown>) => lookAtPlaces(shipped.get(id)!, inputs, context, places)

  it.each([
    ['Downlods', 'There is no folder ~/Downlods. Did you mean ~/Downloads?', 'Downloads'],
    ['downloads', 'There is no folder ~/downloads. Did you mean ~/Downloads?', 'Downloads'],
    ['Dowloads/Invioces', 'There is no folder ~/Dowloads/Invioces. Did you mean ~/Downloads/Invoices?', 'Downloads/Invoices'],
    ['Notes3', 'There is no folder ~/Notes3. Folder?', undefined],
    ['Holidays/2024', 'There is no folder ~/Holidays/2024. There is no folder ~/Holidays either. Folder?', undefined],
  ])('%s: %s', async (said, question, near) => {
    const looked = await look('tidy-folder', { folder: join(home.path, said), by: 'date' })
    expect(looked).toMatchObject({ inputs: { by: 'date' }, missing: [{ name: 'folder', question }], notices: [] })
    expect([looked.inputs['folder'], looked.missing[0]?.near]).toEqual([undefined, near === undefined ? undefined : join(home.path, near)])
  })

  it('is kept where the plan makes it, and said', async () => {
    const folder = join(home.path, 'Clippings')
    expect(await look('save-page', { folder })).toEqual({
      inputs: { folder },
      missing: [],
      notices: [{ code: 'place-not-there', text: 'There is nothing at ~/Clippings yet.' }],
    })
    expect((await look('save-page', { folder: join(home.path, 'Documnts') })).notices[0]?.text).toContain('Did you mean ~/Documents?')
    expect(await look('save-page', { folder: join(home.path, 'Documents') })).toMatchObject({ missing: [], notices: [] })
  })
})

describe('slips of the hand', () => {
  it.each([
    ['downlods', 'downloads', 1],
    ['donwloads', 'downloads', 1],
    ['abc', 'abc', 0],
    ['abc', 'xyz', 3],
    ['', 'ab', 2],
  ])('%s, %s: %i', (a, b, by) => {
    expect([slips(a, b, 3), slips(b, a, 3)]).toEqual([by, by])
  })

  it('are told from other words: short ones have none, and of two that are as near neither is meant', () => {
    expect(nearest('cat', ['car', 'cart'])).toBeNull()
    expect(nearest('notes3', ['notes1', 'notes2'])).toBeNull()
    expect(nearest('musik', ['Music', 'Videos'])).toBe('Music')
    expect(nearest('Pictures', ['Documents'])).toBeNull()
  })
})
