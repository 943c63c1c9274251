import { describe, expect, it } from 'vitest'
import { readDate, readDuration, readNumber } from './quantities.ts'

const NOW = new Date(2026, 2, 15, 12).getTime()

describe('readNumber', () => {
  it.each([
    ['5', 'limit', 5],
    ['five', 'limit', 5],
    ['1,200', 'limit', 1200],
    ['2.5 hours', 'minutes', 150],
    ['90 seconds', 'Minutes it may take', 1.5],
    ['10 MB', 'smallest bytes', 10_000_000],
    ['2MiB', 'Size (bytes)', 2_097_152],
    ['20 items', 'limit', 20],
    ['10 MB', 'limit', null],
    ['many', 'limit', null],
    ['5; rm -rf', 'limit', null],
    ['1,2', 'limit', null],
  ])('%s for %s is %s', (text, about, value) => {
    expect(readNumber(text, about)).toBe(value)
  })
})

describe('readDuration', () => {
  it.each([
    ['10 minutes', '10m'],
    ['half an hour', '30m'],
    ['an hour', '1h'],
    ['90s', '90s'],
    ['two days', '2d'],
    ['1.5 hours', '90m'],
    ['soon', null],
  ])('%s is %s', (text, value) => {
    expect(readDuration(text)).toBe(value)
  })
})

describe('readDate', () => {
  it.each([
    ['2026-03-01', '2026-03-01'],
    ['yesterday', '2026-03-14'],
    ['tomorrow', '2026-03-16'],
    ['1 March 2026', '2026-03-01'],
    ['March 1st, 2026', '2026-03-01'],
    ['1.3.2026', '2026-03-01'],
    ['2026-02-30', null],
    ['03/04/2026', null],
    ['someday', null],
  ])('%s is %s', (text, value) => {
    expect(readDate(text, NOW)).toBe(value)
  })
})
