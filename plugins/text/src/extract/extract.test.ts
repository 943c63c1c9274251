import { describe, expect, test } from 'vitest'
import { findAddresses } from './addresses.ts'
import { findAmounts } from './amounts.ts'
import { findDates } from './dates.ts'

describe('findDates', () => {
  test.each([
    ['2024-07-13', '2024-07-13'],
    ['at 2024-07-13T14:32:05Z', '2024-07-13'],
    ['13.07.2024', '2024-07-13'],
    ['13. 7. 2024', '2024-07-13'],
    ['1.2.99', '1999-02-01'],
    ['1.2.24', '2024-02-01'],
    ['13/07/2024', '2024-07-13'],
    ['03/04/2024', '2024-04-03'],
    ['07/13/2024', '2024-07-13'],
    ['July 13, 2024', '2024-07-13'],
    ['Jul. 13th 2024', '2024-07-13'],
    ['13 July 2024', '2024-07-13'],
    ['13th of July 2024', '2024-07-13'],
    ['13. Juli 2024', '2024-07-13'],
    ['1. März 2024', '2024-03-01'],
    ['1er août 2024', '2024-08-01'],
    ['3 settembre 2024', '2024-09-03'],
    ['29.02.2024', '2024-02-29'],
  ])('%s is %s', (text, date) => {
    expect(findDates(`(${text})`, true).map((found) => found.date)).toEqual([date])
  })

  test.each([
    '31.02.2024',
    '29.02.2023',
    '2024-13-01',
    '1.2.3.4',
    '10.1.2.33',
    'version 1.10.2',
    '2024-07-131',
    '99/99/2024',
    'Sept 2024',
    '192.168.10.20',
    'x13.07.2024',
  ])('%s holds none', (text) => {
    expect(findDates(text, true)).toEqual([])
  })

  test('the order of day and month can be turned', () => {
    expect(findDates('03/04/2024', false)[0]?.date).toBe('2024-03-04')
  })

  test('keeps reading order and place', () => {
    expect(findDates('from July 1, 2024 to 2.7.2024', true)).toEqual([
      { text: 'July 1, 2024', date: '2024-07-01', index: 5 },
      { text: '2.7.2024', date: '2024-07-02', index: 21 },
    ])
  })
})

describe('findAmounts', () => {
  test.each([
    ['CHF 1’290.50', '1290.50', 'CHF'],
    ["CHF 1'290.50", '1290.50', 'CHF'],
    ['1.290,50 €', '1290.50', 'EUR'],
    ['€ 1,290.50', '1290.50', 'EUR'],
    ['€5', '5', 'EUR'],
    ['$1,290', '1290', 'USD'],
    ['US$ 12.00', '12.00', 'USD'],
    ['12,5 EUR', '12.5', 'EUR'],
    ['1 290,50 EUR', '1290.50', 'EUR'],
    ['1 290 000 SEK', '1290000', 'SEK'],
    ['Fr. 12.–', '12', 'CHF'],
    ['CHF 12.-', '12', 'CHF'],
    ['-45.90 USD', '-45.90', 'USD'],
    ['£3.20', '3.20', 'GBP'],
    ['99 zł', '99', 'PLN'],
    ['eur 20', '20', 'EUR'],
    ['1234567.89 GBP', '1234567.89', 'GBP'],
  ])('%s is %s %s', (text, amount, currency) => {
    expect(findAmounts(`Total: ${text}, thanks`)).toMatchObject([{ amount, currency }])
  })

  test.each(['ABC 12', '12 apples', 'EUROPE 2024', 'in 2024', 'EURO2024X'])('%s holds none', (text) => {
    expect(findAmounts(text)).toEqual([])
  })

  test('each number counts once even between two currencies', () => {
    expect(findAmounts('EUR 12 USD')).toMatchObject([{ text: 'EUR 12', currency: 'EUR' }])
  })
})

describe('findAddresses', () => {
  test('finds each address once and leaves punctuation out', () => {
    const text =
      'Write to ada@example.org, <Bob.Smith+news@mail.example.co.uk> or ADA@example.org. Not: @x, a@b, a..b@example.org, x@-y.com'
    expect(findAddresses(text).map((found) => found.address)).toEqual(['ada@example.org', 'Bob.Smith+news@mail.example.co.uk'])
  })

  test('takes names outside ASCII', () => {
    expect(findAddresses('zoë@müller.example').map((found) => found.address)).toEqual(['zoë@müller.example'])
  })
})

test('a megabyte of what looks like the start of everything ends before the test times out', () => {
  for (const text of ['1.', '1 ', '1’', 'a.', 'a@a.', 'EUR 1 ', '13. ', '-']) {
    const long = text.repeat(1_000_000 / text.length)
    expect(findDates(long, true)).toEqual([])
    expect(findAddresses(long)).toEqual([])
    expect(findAmounts(long).length).toBeGreaterThanOrEqual(0)
  }
})
