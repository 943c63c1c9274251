import { expect, test } from 'vitest'
import { askedBy, outcomeWords, smallMoney, whose } from './cost-words.ts'

test('less than a cent is told apart', () => {
  expect([0, 1, 2400, 4800, 9999, 10_000, 2_000_000].map(smallMoney)).toEqual([
    '0 $',
    '0.000001 $',
    '0.0024 $',
    '0.0048 $',
    '0.01 $',
    '0.01 $',
    '2.00 $',
  ])
})

test('a call says who asked', () => {
  expect(askedBy({ agent: 'coder', tool: 'life-os.generate' })).toBe('coder')
  expect(askedBy({ agent: null, tool: 'life-os.test' })).toBe('tried by hand')
  expect(askedBy({ agent: null, tool: 'text.summarise' })).toBe('text.summarise')
})

test('how a call ended is told in words', () => {
  expect(['model-rate-limited', 'cancelled', 'open'].map(outcomeWords)).toEqual(['rate limited', 'cancelled', 'on its way'])
})

test('a limit is yours where you are alone, and of somebody by name where there are more', () => {
  const [everybody, ada, grace] = [{ person: null }, { person: 'ada' }, { person: 'grace' }]
  expect([everybody, ada].map((each) => whose(each, [everybody, ada]))).toEqual(['Everybody', 'You'])
  expect([ada, grace].map((each) => whose(each, [everybody, ada, grace]))).toEqual(['ada', 'grace'])
})
