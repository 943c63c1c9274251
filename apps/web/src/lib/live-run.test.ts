import type { Change, JournalEntry, RunEvent } from '@life-os/contract'
import { expect, test } from 'vitest'
import { changeKey, EMPTY_LIVE, foldEntries, foldNote, planStep } from './live-run.ts'
import { addSample, rateOf, timeLeft, timeLeftWords } from './rate.ts'
import type { Sample } from './rate.ts'

const change = (to: string): Change => ({ kind: 'file-move', from: `/a/${to}`, to: `/b/${to}`, summary: `Move ${to}`, reversal: 'exact' })
const cost = { tokens: 0, micros: 0, time: 1, steps: 1 }
const started = (path: string): RunEvent => ({
  type: 'try-started',
  path,
  try: 1,
  tool: 'files.move',
  key: 'k',
  input: { labels: [] },
  inputHash: 'h',
})
const begun = (path: string, effect: string): RunEvent => ({
  type: 'effect-started',
  path,
  try: 1,
  effect,
  change: change(effect),
  before: {},
})
const ended = (path: string, effect: string): RunEvent => ({ type: 'effect-finished', path, effect, after: {} })
const finished = (path: string): RunEvent => ({ type: 'try-finished', path, try: 1, output: { labels: [] }, cost, last: true })
const journal = (...events: RunEvent[]): JournalEntry[] => events.map((event, index) => ({ run: 'r', seq: index + 1, at: index, event }))
const STORY = journal(
  { type: 'run-started', epoch: 1 },
  { type: 'step-started', path: 'sort', count: 3 },
  started('sort[0].move'),
  started('sort[1].move'),
  begun('sort[0].move', 'one'),
  begun('sort[1].move', 'two'),
  ended('sort[0].move', 'one'),
  finished('sort[0].move'),
)

test('folds effects into states of changes, and instances into counts of plan steps', () => {
  const live = foldEntries(EMPTY_LIVE, STORY)
  expect(live.changes.get(changeKey(change('one')))).toBe('done')
  expect(live.changes.get(changeKey(change('two')))).toBe('doing')
  expect([live.done, live.now, live.ended]).toEqual([1, 'Move two', false])
  expect(live.steps.get('sort.move')).toMatchObject({ running: 1, done: 1 })
  expect(live.steps.get('sort')).toMatchObject({ running: 1 })
})

test('entry by entry, in one batch, or replayed: the same state', () => {
  const once = foldEntries(EMPTY_LIVE, STORY)
  const stepwise = STORY.reduce((live, entry) => foldEntries(live, [entry]), EMPTY_LIVE)
  expect(stepwise.changes).toEqual(once.changes)
  expect(stepwise.steps).toEqual(once.steps)
  expect(foldEntries(once, STORY)).toBe(once)
})

test('a failed try leaves its effects failed; one that was not needed leaves no mark', () => {
  const failure: RunEvent = {
    type: 'try-failed',
    path: 'sort[1].move',
    try: 1,
    error: { code: 'disk-full', class: 'operational', message: 'Full.' },
    applied: 'no',
    cost,
  }
  expect(
    foldEntries(foldEntries(EMPTY_LIVE, STORY), [{ run: 'r', seq: 9, at: 9, event: failure }]).changes.get(changeKey(change('two'))),
  ).toBe('failed')
  const moot: RunEvent = { type: 'effect-reconciled', path: 'sort[1].move', effect: 'two', applied: 'no' }
  expect(
    foldEntries(foldEntries(EMPTY_LIVE, STORY), [{ run: 'r', seq: 9, at: 9, event: moot }]).changes.has(changeKey(change('two'))),
  ).toBe(false)
})

test('the failed step and its error are kept until it is tried again', () => {
  const failed = foldEntries(
    EMPTY_LIVE,
    journal(started('a'), {
      type: 'step-failed',
      path: 'a',
      error: { code: 'x', class: 'user', message: 'No.' },
      continued: false,
      labels: [],
    }),
  )
  expect(failed.error).toMatchObject({ path: 'a', error: { message: 'No.' } })
  expect(foldEntries(failed, [{ run: 'r', seq: 3, at: 3, event: { type: 'step-reset', path: 'a' } }]).error).toBeNull()
})

test('a note of a tool is kept in its own words', () => {
  expect(foldNote(EMPTY_LIVE, { run: 'r', step: 'a', type: 'progress', at: 1, data: { message: 'page 3 of 9' } }).note).toBe('page 3 of 9')
  expect(foldNote(EMPTY_LIVE, { run: 'r', step: 'a', type: 'log', at: 1, data: { message: 'noise' } }).note).toBeNull()
})

test('a path without its indexes names the step of the plan', () => {
  expect(planStep('sort[12].move')).toBe('sort.move')
  expect(planStep('a[1].b[2].c')).toBe('a.b.c')
})

test('rate over the last seconds, and the time the rest takes', () => {
  let samples: readonly Sample[] = []
  for (let at = 0; at <= 10_000; at += 500) samples = addSample(samples, { at, done: at / 10 })
  expect(samples[0]?.at).toBeGreaterThan(5000)
  expect(rateOf(samples)).toBeCloseTo(100)
  expect(timeLeft(500, rateOf(samples))).toBeCloseTo(5000)
  expect(rateOf([{ at: 0, done: 1 }])).toBeNull()
  expect(
    rateOf([
      { at: 0, done: 1 },
      { at: 1000, done: 1 },
    ]),
  ).toBeNull()
})

test.each([
  [null, 'estimating'],
  [900, 'almost done'],
  [3200, 'about 3 s left'],
  [120_000, 'about 2 min left'],
  [7_300_000, 'about 2 h left'],
])('%s ms left reads %s', (ms, words) => {
  expect(timeLeftWords(ms)).toBe(words)
})
