import { expect, test } from 'vitest'
import { NO_CONSOLE, appendOutput } from './console.ts'
import type { Console } from './console.ts'

const said = (...parts: [stream: 'out' | 'error', text: string][]): Console =>
  parts.reduce((console, [stream, text]) => appendOutput(console, stream, text), NO_CONSOLE)
const texts = (console: Console): string[] => console.lines.map((line) => line.text.replace(/\n$/, ''))

test('text that comes in pieces is the same lines', () => {
  expect(texts(said(['out', 'one\ntw'], ['out', 'o\n'], ['out', 'three']))).toEqual(['one', 'two', 'three'])
  expect(texts(said(['out', 'a\n\nb\n']))).toEqual(['a', '', 'b'])
})

test('the two streams keep their order and never share a line', () => {
  const console = said(['out', 'half'], ['error', 'oh\n'], ['out', 'rest\n'])
  expect(console.lines.map((line) => `${line.stream}: ${line.text.trim()}`)).toEqual(['out: half', 'error: oh', 'out: rest'])
})

test('a carriage return begins the line anew, and colours are taken out', () => {
  expect(texts(said(['out', '10 %\r50 %\r'], ['out', '100 %\n']))).toEqual(['100 %'])
  expect(texts(said(['out', '\u001B[31mred\u001B[0m\u0007\n']))).toEqual(['red'])
})

test('a flood keeps its end and says how much it let go', () => {
  const console = said(['out', `${Array.from({ length: 2500 }, (_, index) => index).join('\n')}\n`])
  expect(console.lines).toHaveLength(2000)
  expect(console.dropped).toBe(500)
  expect(texts(console).at(-1)).toBe('2499')
})
