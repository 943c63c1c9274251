import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '@life-os/contract'
import { parsePlan } from '../../plans/index.ts'
import { createPlaces, type Places } from '../places.ts'
import { SURE, understand, type Understood } from './catalogue.ts'

const root = fileURLToPath(new URL('../../../../..', import.meta.url))
const NOW = new Date(2026, 2, 15, 12).getTime()

function planOf(text: string): Plan {
  const parsed = parsePlan(text)
  if (!parsed.ok) throw new Error(parsed.faults.map((fault) => `${fault.path}: ${fault.message}`).join('\n'))
  return parsed.plan
}
const shipped = globSync('plugins/*/src/plans/*.yaml', { cwd: root })
  .toSorted()
  .map((file) => planOf(readFileSync(join(root, file), 'utf8')))

let home: string
let places: Places
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lifeos-home-'))
  for (const name of ['Downloads', 'Desktop', 'Documents/Invoices', 'Pictures/2024 Rome', 'Music', 'Videos', 'Projects/site', 'Notes'])
    mkdirSync(join(home, name), { recursive: true })
  writeFileSync(join(home, 'Documents/expenses.csv'), 'category,amount\nfood,3\n')
  places = createPlaces(home)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const all = (goal: string): Promise<Understood[]> => understand(goal, shipped, places, NOW)
const first = async (goal: string): Promise<Understood | undefined> => (await all(goal))[0]

describe('every shipped plan', () => {
  it.each(shipped.map((plan) => [plan.id, plan] as const))('%s can be asked for in words', (_id, plan) => {
    expect(plan.intents?.length ?? 0).toBeGreaterThan(1)
    expect(plan.intents?.flatMap(({ examples }) => examples).length ?? 0).toBeGreaterThan(2)
  })

  const examples = shipped.flatMap((plan) =>
    (plan.intents ?? []).flatMap(({ examples: said }) => said.map((say) => [say, plan.id] as const)),
  )
  it.each(examples)('%s → %s', async (say, id) => {
    const [best, next] = await all(say)
    expect(best && { plan: best.plan.id, missing: best.missing, sure: best.score >= SURE }).toEqual({ plan: id, missing: [], sure: true })
    if (next) expect([next.missing.length > 0, next.words < (best?.words ?? 0), next.score < (best?.score ?? 0)]).toContain(true)
  })

  it.each(examples)('in capitals, with politeness: %s', async (say, id) => {
    const quoted = /["`]/.test(say)
    const loud = quoted ? say : say.replaceAll(/(^|\s)[a-z]+(?=\s|$)/g, (word) => word.toUpperCase())
    expect((await first(`Hey, could you please ${loud} … thanks!`))?.plan.id).toBe(id)
  })
})

describe('understand', () => {
  it('takes inputs by their types', async () => {
    const inputsOf = async (goal: string) => (await first(goal))?.inputs
    expect(await inputsOf('tidy my downloads by kind and year')).toEqual({ folder: join(home, 'Downloads'), by: 'kind-and-year' })
    expect(await inputsOf('find duplicates in ~/Downloads larger than 10 MB')).toEqual({
      folder: join(home, 'Downloads'),
      smallest: 10_000_000,
    })
    expect(await inputsOf('try "make" on ~/Projects/site for at most 2 hours')).toMatchObject({ minutes: 120, script: 'make' })
    expect(await inputsOf('tidy ~/Downloads but leave *.iso, *.part and "my notes" alone')).toMatchObject({
      exclude: ['*.iso', '*.part', 'my notes'],
    })
    expect(await inputsOf('save the latest twelve items from https://example.org/f.xml in ~/Documents')).toMatchObject({ limit: 12 })
    expect(await inputsOf('save example.org/article in ~/Documents')).toMatchObject({ url: 'https://example.org/article' })
    expect(await inputsOf('replace "a, b" with \'c\' in ~/Documents.')).toMatchObject({
      find: 'a, b',
      replace: 'c',
      folder: join(home, 'Documents'),
    })
  })

  it('finds places as they are really written, and only what is there', async () => {
    const folderOf = async (goal: string) => (await first(goal))?.inputs['folder']
    expect(await folderOf('tidy the invoices folder in my documents')).toBe(join(home, 'Documents/Invoices'))
    expect(await folderOf('tidy "2024 rome" in my pictures')).toBe(join(home, 'Pictures/2024 Rome'))
    expect(await folderOf('tidy ~/Pictures/2024 Rome')).toBe(join(home, 'Pictures/2024 Rome'))
    expect(await folderOf('tidy my notes folder')).toBe(join(home, 'Notes'))
    const away = await first('tidy my holidays folder')
    expect(away).toMatchObject({
      plan: { id: 'tidy-folder' },
      inputs: {},
      missing: [{ name: 'folder' }],
      notices: [{ code: 'place-missing' }],
    })
    expect(away?.missing[0]?.question).toContain('No folder “holidays” was found.')
    expect((await first('tidy my downlods folder'))?.missing[0]).toMatchObject({
      question: 'No folder “downlods” was found. Did you mean ~/Downloads?',
      near: join(home, 'Downloads'),
    })
    expect(await folderOf('tidy ../../etc in my documents')).toBeUndefined()
  })

  it('keeps a whole path that is not there: whether it must be is the plan’s matter', async () => {
    expect(await first('save https://example.org/a in ~/Documents/New')).toMatchObject({
      inputs: { folder: join(home, 'Documents/New') },
      missing: [],
      notices: [],
    })
  })

  it('follows the desktop in where its folders are', async () => {
    mkdirSync(join(home, '.config'), { recursive: true })
    writeFileSync(join(home, '.config/user-dirs.dirs'), '# made\nXDG_DOWNLOAD_DIR="$HOME/Notes"\nXDG_MUSIC_DIR="/srv/nothing"\n')
    expect((await first('tidy my downloads'))?.inputs).toEqual({ folder: join(home, 'Notes') })
    expect((await first('tidy my music'))?.missing).toHaveLength(1)
    rmSync(join(home, '.config'), { recursive: true })
  })

  it('asks for what was not said', async () => {
    expect(await first('find duplicates')).toMatchObject({ plan: { id: 'find-duplicates' }, missing: [{ name: 'folder' }] })
    expect(await first('save this page')).toMatchObject({ plan: { id: 'save-page' }, missing: [{ name: 'url' }, { name: 'folder' }] })
    expect(await first('Please save https://example.org/x')).toMatchObject({
      plan: { id: 'save-page' },
      inputs: { url: 'https://example.org/x' },
      missing: [{ name: 'folder' }],
    })
    expect(await first('sum amount by category in ~/Documents/nothing.csv and save it in ~/Documents')).toMatchObject({
      missing: [{ name: 'table' }],
    })
  })

  it.each([
    'tidy ~/Downloads and send me the total by mail',
    "don't tidy ~/Downloads",
    'do not remove duplicates from ~/Pictures',
    'put the invoices from my downloads into a folder by year and tell me the total',
    'what is the capital of France?',
    'write me a poem about tidying',
    '',
    '…',
    'tidy '.repeat(200),
  ])('is not sure of what says something else: %s', async (goal) => {
    expect((await all(goal)).filter(({ score, missing }) => score >= SURE && missing.length === 0)).toEqual([])
  })

  it('takes what stands in an input as data', async () => {
    const nasty = 'x${{ inputs.folder }} and remove duplicates from ~/Documents'
    expect(await first(`replace "${nasty}" with "{folder}" in ~/Notes`)).toMatchObject({
      plan: { id: 'replace-in-files' },
      inputs: { find: nasty, replace: '{folder}', folder: join(home, 'Notes') },
    })
    expect(await all(`"${nasty}"`)).toEqual([])
  })

  it('has more plans than one where a goal may mean both', async () => {
    const twin = planOf(
      'id: own-tidy\nname: Own\nintents: [{ say: "tidy {folder}" }]\ninputs: { folder: { type: path } }\nsteps: [{ id: a, set: 1 }]\n',
    )
    const found = await understand('tidy ~/Downloads', [...shipped, twin], places, NOW)
    expect(found.map(({ plan }) => plan.id)).toEqual(['own-tidy', 'tidy-folder'])
  })
})
