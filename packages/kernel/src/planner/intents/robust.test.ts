// Words as they are really typed, and words that mean harm: nothing throws, and no path is made up.
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePlan } from '../../plans/index.ts'
import { createPlaces, type Places } from '../places.ts'
import { SYNONYMS } from '../words/synonyms.ts'
import { tokensOf } from '../words/tokens.ts'
import { SURE, understand } from './catalogue.ts'

const root = fileURLToPath(new URL('../../../../..', import.meta.url))
const shipped = globSync('plugins/*/src/plans/*.yaml', { cwd: root })
  .toSorted()
  .flatMap((file) => {
    const parsed = parsePlan(readFileSync(join(root, file), 'utf8'))
    return parsed.ok ? [parsed.plan] : []
  })

let home: string
let places: Places
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lifeos-home-'))
  for (const name of ['Downloads/Old', 'Documents/My Files', 'Pictures', 'Projects/site']) mkdirSync(join(home, name), { recursive: true })
  writeFileSync(join(home, 'Documents/expenses.csv'), 'category,amount\n')
  places = createPlaces(home)
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const first = async (goal: string) => (await understand(goal, shipped, places, 0))[0]

describe('as it is really typed', () => {
  it.each([
    ['tdiy ~/Downloads', 'tidy-folder', 'Downloads'],
    ['orgnaise my downloads', 'tidy-folder', 'Downloads'],
    ['claen up my downloads', 'tidy-folder', 'Downloads'],
    ['find duplciates in ~/Pictures', 'find-duplicates', 'Pictures'],
    ['remvoe the dupilcate files from my documents', 'find-duplicates', 'Documents'],
    ['in ~/Pictures, find duplicates', 'find-duplicates', 'Pictures'],
    ['in my pictures: find the duplicates', 'find-duplicates', 'Pictures'],
    ['from ~/Pictures remove duplicates', 'find-duplicates', 'Pictures'],
    ['~/Downloads tidy', 'tidy-folder', 'Downloads'],
    ['~/Downloads: tidy', 'tidy-folder', 'Downloads'],
    ['tidy "~/Documents/My Files"', 'tidy-folder', 'Documents/My Files'],
    ["tidy '~/Documents/My Files/'", 'tidy-folder', 'Documents/My Files'],
    ['tidy ~/Documents/My\\ Files', 'tidy-folder', 'Documents/My Files'],
    ['tidy ~/Documents/"My Files"', 'tidy-folder', 'Documents/My Files'],
    ['tidy ~\\Downloads\\Old', 'tidy-folder', 'Downloads/Old'],
    ['tidy $HOME/Downloads', 'tidy-folder', 'Downloads'],
    ['tidy %USERPROFILE%\\Downloads', 'tidy-folder', 'Downloads'],
    ['tidy Downloads/Old', 'tidy-folder', 'Downloads/Old'],
    ['tidy ./Downloads/Old', 'tidy-folder', 'Downloads/Old'],
    ['tidy ~/Downloads/', 'tidy-folder', 'Downloads'],
    ['tidy ~/Downloads/../Documents', 'tidy-folder', 'Documents'],
    ['TIDY ~/Downloads!!!', 'tidy-folder', 'Downloads'],
    ['tidy the files in ~/Downloads by dates', 'tidy-folder', 'Downloads'],
    ['tidy ~', 'tidy-folder', ''],
  ])('%s', async (say, plan, folder) => {
    const best = await first(say)
    expect(best && { plan: best.plan.id, folder: resolve(String(best.inputs['folder'])), sure: best.score >= SURE }).toEqual({
      plan,
      folder: resolve(home, folder),
      sure: true,
    })
  })

  it('tells that a path of Windows is none here', async () => {
    for (const say of ['tidy C:\\Users\\ada\\Downloads', 'tidy C:/Users/ada/Downloads', 'tidy \\\\server\\share', 'tidy "D:\\My Files"'])
      expect((await first(say))?.missing[0]?.question).toContain('is a path of Windows')
  })

  it.each([
    "don't tidy ~/Downloads",
    'dont tdiy ~/Downloads',
    'never tidy ~/Downloads',
    'in ~/Downloads, do not remove duplicates',
    'tidy ~/Downloads, then mail it to bob',
    'save https://example.org/a and https://example.org/b in ~/Documents',
  ])('is not sure of %s', async (say) => {
    const best = await first(say)
    expect(best !== undefined && best.score >= SURE && best.missing.length === 0).toBe(false)
  })

  it('takes no other word for a slip', async () => {
    for (const say of ['short my downloads', 'share ~/Downloads', 'mode ~/Downloads to ~/Pictures'])
      expect(await first(say)).toBeUndefined()
  })
})

const WORDS = [...new Set(SYNONYMS.flat().flatMap((phrase) => phrase.split(' ')))]
const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...WORDS, 'please', 'my', 'in', 'from', 'by', 'and', 'downloads', 'pictures', 'documents', 'holidays'),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '~/Downloads',
      '~/Downlods',
      'downlods',
      'documnets',
      '~',
      '/etc',
      '~/..',
      '../x',
      '"~/My Files"',
      'C:\\x',
      '~\\a',
      '$HOME/a',
      'https://example.org/a',
      '10 MB',
      '2026-03-01',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      "'",
      '`',
      '“',
      '„',
      '«',
      '(',
      ')',
      ',',
      ':',
      '\\',
      '${{',
      '}}',
      '{folder}',
      '\0',
      '\n',
      '…',
      '__proto__',
      'constructor',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
)
/** The beginning of what is understood, and then anything. */
const begun = fc
  .tuple(
    fc.constantFrom('tidy', 'find duplicates in', 'save https://example.org/a in', 'rename the photos in'),
    fc.array(piece, { minLength: 1, maxLength: 4 }),
  )
  .map(([verb, rest]) => [verb, ...rest])
const goals = fc.oneof(begun, fc.array(piece, { maxLength: 30 })).map((parts) => parts.join(' '))

/** What people call folders beside their names. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  Downloads: ['download'],
  Documents: ['document'],
  Pictures: ['picture', 'photo', 'image'],
}

/** What stands in a goal, as paths may be written in it. */
const bare = (text: string): string => text.replaceAll(/["'`“”„«»\\]/g, '')

describe('whatever is said', () => {
  it('nothing throws, and every place stands in the words or is there', async () => {
    await fc.assert(
      fc.asyncProperty(goals, async (goal) => {
        for (const { plan, inputs, score } of await understand(goal, shipped, places, 0)) {
          expect(score).toBeGreaterThanOrEqual(0)
          for (const [name, value] of Object.entries(inputs)) {
            expect(Object.hasOwn(plan.inputs, name)).toBe(true)
            const { type } = plan.inputs[name]!
            if ((type !== 'path' && type !== 'file') || typeof value !== 'string') continue
            const said = tokensOf(goal).some(({ text }) => resolve('/', text.replace(/^~(?=\/|$)/, home)) === resolve('/', value))
            if (said) continue
            const names = CALLED[basename(value)] ?? [basename(value)]
            const named = value === home ? /\bhome\b/i.test(goal) : names.some((name) => goal.toLowerCase().includes(name.toLowerCase()))
            expect([named, await places.kind(value), value.startsWith(home)]).toEqual([true, expect.anything(), true])
          }
        }
      }),
      { numRuns: 400 },
    )
  })

  it('words are found where they stand', () => {
    fc.assert(
      fc.property(goals, (goal) => {
        let end = 0
        for (const token of tokensOf(goal)) {
          expect(token.start).toBeGreaterThanOrEqual(end)
          expect(token.end).toBeGreaterThan(token.start)
          end = token.end
          if (token.kind === 'word' || token.kind === 'url') expect(goal.slice(token.start, token.end)).toBe(token.text)
          if (token.kind === 'quoted') expect(goal.slice(token.start, token.end)).toContain(token.text)
          if (token.kind === 'path') expect(bare(goal.slice(token.start, token.end)).length).toBeLessThanOrEqual(goal.length)
        }
      }),
      { numRuns: 1000 },
    )
  })

  // As long as a goal may be. What looks at all the rest from each place on would not end within the test's time.
  it.each([
    '„',
    '"',
    "'a ",
    '«',
    '`',
    ')',
    'https://x)',
    '~/(',
    '~/a,',
    '/',
    '\\',
    'tidy ',
    'in ',
    'find duplicates in ',
    '~/Downloads ',
    'a,',
    '"a" ',
    '~/"',
  ])('twenty thousand letters of %j', async (part) => {
    const goal = part.repeat(Math.ceil(20_000 / part.length)).slice(0, 20_000)
    expect(Array.isArray(await understand(goal, shipped, places, 0))).toBe(true)
    const sixty = part.repeat(60)
    expect(Array.isArray(await understand(sixty, shipped, places, 0))).toBe(true)
    expect(Array.isArray(await understand(`tidy ${sixty}`, shipped, places, 0))).toBe(true)
  })
})
