import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { toDecimal } from './fraction.ts'

const result = (expression: string, decimals = 6) => toDecimal(evaluate(expression), decimals).text
const failure = (expression: string): string => {
  try {
    return result(expression)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

test.each([
  ['0.1 + 0.2', '0.3'],
  ['2 + 3 * 4 - 6 / 3', '12'],
  ['-(2 - 5) * --2', '6'],
  ['8 ÷ 4 × 3 − 1', '5'],
  ['100 * 19%', '19'],
  ['1/3 + 1/3 + 1/3', '1'],
  ['sum(1.10, 2.20, 3.30)', '6.6'],
  ['average(1, 2, 4)', '2.333333'],
  ['min(3, -1, 2) + max(3, 1) + count(7, 7, 7)', '5'],
  ['round(2.345, 2) + round(-0.5)', '1.35'],
  ['.5 * 2', '1'],
  ['99999999999999999999 + 1', '100000000000000000000'],
  ['-1 / 1000000000', '0'],
])('%s = %s', (expression, expected) => {
  expect(result(expression)).toBe(expected)
})

test.each([
  ['', /a number is missing at character 1/],
  ['1 +', /a number is missing/],
  ['1 2', /nothing was expected but “2” stands at character 2/],
  ['1 / (2 - 2)', /division by zero/],
  ['(1', /“\)” is missing/],
  ['power(2, 3)', /there is no “power”/],
  ['constructor(2)', /there is no “constructor”/],
  ['1,234.50 + 1', /nothing was expected but “,” stands/],
  ['2 $', /“\$” after character 1 is no part/],
  ['round(1, 99)', /decimals, 0 to 20/],
  ['('.repeat(20_000), /nested too deeply/],
])('%s is refused with the place', (expression, expected) => {
  expect(failure(expression)).toMatch(expected)
})
