import { expect, it } from 'vitest'
import { judge, targetText, type Target } from './figure.ts'
import { percentile } from './numbers.ts'

const steps: Target = { is: 'least', value: 5000, unit: 'steps/s', ofFloor: 1 }

it('meets a target only when value and share of the floor are both reached', () => {
  expect(judge(steps, { value: 5000, floor: { what: 'x', value: 5000 }, note: '' })).toEqual({ kind: 'met' })
  expect(judge(steps, { value: 4000, floor: { what: 'x', value: 3000 }, note: '' })).toEqual({
    kind: 'missed',
    by: '20 % below 5,000 steps/s',
  })
  expect(judge(steps, { value: 6000, floor: { what: 'x', value: 8000 }, note: '' })).toEqual({ kind: 'missed', by: '25 % below the floor' })
})

it('says by how much something is too slow', () => {
  expect(judge({ is: 'most', value: 50, unit: 'ms' }, { value: 75, note: '' })).toEqual({ kind: 'missed', by: '50 % above 50 ms' })
  expect(judge({ is: 'most', value: 50, unit: 'ms' }, { value: 50, note: '' })).toEqual({ kind: 'met' })
})

it('writes targets as people read them', () => {
  expect(targetText(steps)).toBe('≥ 5,000 steps/s, ≥ the floor')
  expect(targetText({ is: 'least', value: 0, unit: 'steps/s', ofFloor: 0.5 })).toBe('≥ 0.5 of the floor')
})

it('takes percentiles by nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect([percentile(values, 50), percentile(values, 95), percentile([7], 95)]).toEqual([50, 95, 7])
})
