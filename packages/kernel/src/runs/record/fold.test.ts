import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunEvent } from '@life-os/contract'
import { advance, emptyFold, foldOf } from './fold.ts'

const cost = { tokens: 1, micros: 2, time: 3, steps: 1 }
const recorded = { value: 1, labels: [] }
const path = fc.constantFrom('a', 'b', 'each[0].a', 'each[1].a')
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  path.map((p): RunEvent => ({ type: 'try-started', path: p, try: 1, tool: 'files.move', key: 'k', input: recorded, inputHash: 'h' })),
  path.map((p): RunEvent => ({ type: 'try-finished', path: p, try: 1, output: recorded, cost, last: true })),
  path.map((p): RunEvent => ({
    type: 'try-failed',
    path: p,
    try: 1,
    error: { code: 'x', class: 'operational', message: 'm' },
    applied: 'no',
    cost,
  })),
  path.map((p): RunEvent => ({
    type: 'step-failed',
    path: p,
    error: { code: 'x', class: 'operational', message: 'm' },
    continued: true,
    labels: [],
  })),
  path.map((p): RunEvent => ({ type: 'step-skipped', path: p, reason: 'when', labels: ['private'] })),
  path.map((p): RunEvent => ({ type: 'step-reset', path: p })),
  path.map((p): RunEvent => ({ type: 'approval-requested', path: p, approval: '01890000-0000-7000-8000-000000000000' })),
  fc.constant<RunEvent>({ type: 'run-waiting' }),
  fc.constant<RunEvent>({ type: 'run-finished', state: 'done' }),
)

describe('the fold of a journal', () => {
  it('is the same whether taken at once or entry by entry from a snapshot', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.nat(40), (events, cut) => {
        const entries = events.map((one, index) => ({ seq: index + 1, at: index, event: one }))
        const stepwise = structuredClone(foldOf(entries.slice(0, cut)))
        for (const entry of entries.slice(cut)) advance(stepwise, entry)
        expect(stepwise).toEqual(foldOf(entries))
      }),
    )
  })

  it('counts each step once however often it ends', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const fold = foldOf(events.map((one, index) => ({ seq: index + 1, at: index, event: one })))
        const states = [...fold.steps.values()].map((step) => step.state)
        expect(fold.done).toBe(states.filter((state) => state === 'done' || state === 'skipped').length)
        expect(fold.failed).toBe(states.filter((state) => state === 'failed' || state === 'continued').length)
      }),
    )
  })

  it('counts no question that was put in the middle of a call', () => {
    const events: RunEvent[] = [
      { type: 'approval-requested', path: 'a.asked-1', approval: '01890000-0000-7000-8000-000000000000' },
      { type: 'approval-answered', path: 'a.asked-1', approval: '01890000-0000-7000-8000-000000000000', answer: 'done', by: 'ada' },
      { type: 'step-finished', path: 'a.asked-1', output: recorded, question: true },
      { type: 'try-finished', path: 'a', try: 1, output: recorded, cost, last: true },
    ]
    const fold = foldOf(events.map((one, index) => ({ seq: index + 1, at: index, event: one })))
    expect(fold).toMatchObject({ done: 1, failed: 0 })
    advance(fold, { seq: 5, at: 5, event: { type: 'step-reset', path: 'a' } })
    expect(fold.done).toBe(0)
  })

  it('starts empty and sums what was spent', () => {
    const fold = emptyFold()
    advance(fold, {
      seq: 1,
      at: 5,
      event: { type: 'try-started', path: 'a', try: 1, tool: 't', key: 'k', input: recorded, inputHash: 'h' },
    })
    expect(fold.steps.get('a')).toMatchObject({ state: 'running', open: true, startedAt: 5 })
    advance(fold, { seq: 2, at: 9, event: { type: 'try-finished', path: 'a', try: 1, output: recorded, cost, last: true } })
    expect(fold.steps.get('a')).toMatchObject({ state: 'done', open: false, finishedAt: 9 })
    expect(fold.cost).toEqual(cost)
  })
})
