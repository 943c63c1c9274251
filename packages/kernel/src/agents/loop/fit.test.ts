import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ModelMessage } from '@life-os/contract'
import { createSources } from './citations.ts'
import { fitted, tokensOf } from './fit.ts'

const text = (role: ModelMessage['role'], length: number): ModelMessage => ({ role, content: [{ type: 'text', text: 'x'.repeat(length) }] })
const round = (index: number, length: number): ModelMessage[] => [
  { role: 'assistant', content: [{ type: 'tool-call', id: `c${index}`, tool: 'files.read', input: { index } }] },
  { role: 'tool', content: [{ type: 'tool-result', id: `c${index}`, tool: 'files.read', output: 'y'.repeat(length) }] },
]
const sizeOf = (messages: readonly ModelMessage[]): number => tokensOf(messages)

test('what fits is left as it is', () => {
  const messages = [text('system', 10), text('user', 10), ...round(0, 100)]
  expect(fitted(messages, 1000, 1)).toEqual({ messages, shortened: false })
})

test('old results are shortened before new ones, and the newest is kept where it fits', () => {
  const messages = [text('system', 10), text('user', 10), ...round(0, 3000), ...round(1, 3000), ...round(2, 3000)]
  const { messages: fit, shortened } = fitted(messages, 2000, 1)
  expect(shortened).toBe(true)
  expect(JSON.stringify(fit[3])).toContain('shortened: 3000 characters')
  expect(fit.at(-1)).toEqual(messages.at(-1))
})

test('what was said longest ago is left out, never the words of this turn or the rules', () => {
  const messages = [
    text('system', 100),
    ...Array.from({ length: 20 }, (_, index) => text(index % 2 ? 'assistant' : 'user', 2000)),
    text('user', 50),
  ]
  const { messages: fit } = fitted(messages, 2000, 21)
  expect(fit[0]).toEqual(messages[0])
  expect(fit.at(-1)).toEqual(messages.at(-1))
  expect(sizeOf(fit)).toBeLessThan(2500)
})

test('whatever a conversation is like, the same comes out each time, calls keep their results, and rules and own words stay', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(4000), { maxLength: 8 }),
      fc.array(fc.nat(4000), { maxLength: 6 }),
      fc.integer({ min: 512, max: 8000 }),
      (before, rounds, room) => {
        const history = before.map((length, index) => text(index % 2 ? 'assistant' : 'user', length))
        const messages = [text('system', 50), ...history, text('user', 40), ...rounds.flatMap((length, index) => round(index, length))]
        const own = history.length + 1
        const { messages: fit } = fitted(messages, room, own)
        expect(fitted(messages, room, own).messages).toEqual(fit)
        expect(fit[0]).toEqual(messages[0])
        expect(fit).toContainEqual(messages[own])
        const calls = fit.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-call' ? part.id : [])))
        const results = fit.flatMap(({ content }) => content.flatMap((part) => (part.type === 'tool-result' ? part.id : [])))
        expect(results).toEqual(calls)
      },
    ),
  )
})

test('numbers of another agent’s sources become numbers of here', () => {
  const here = createSources()
  here.numbered({ document: { path: '/a' }, passages: [{ text: 'one', start: 0, end: 3 }] })
  const citation = { number: 1, document: '/b', hash: null, page: null, heading: null, start: 5, end: 9, text: 'two' }
  expect(here.adopted('It is two [1].', [citation])).toBe('It is two [2].')
  expect(here.verified('Both [1, 2], [3]. Not a[9], not [1](http://x).')).toMatchObject({
    text: 'Both [1][2],. Not a[9], not [1](http://x).',
    unknown: [3],
  })
})
