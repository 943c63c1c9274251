import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkTopic, parsePattern } from './pattern.ts'

test.each([
  ['run.finished', 'run.finished', true],
  ['run.finished', 'run.finished.late', false],
  ['run.*', 'run.finished', true],
  ['run.*', 'run', false],
  ['run.*', 'run.a.b', false],
  ['run.**', 'run', true],
  ['run.**', 'run.a', true],
  ['run.**', 'run.a.b', true],
  ['run.**', 'runs.a', false],
  ['**', 'anything.at.all', true],
  ['*.finished', 'run.finished', true],
  ['**.finished', 'a.b.finished', true],
  ['**.finished', 'finished', true],
  ['a.**.z', 'a.z', true],
  ['a.**.z', 'a.b.c.z', true],
  ['a.**.z', 'a.b.c', false],
  ['**.b.**', 'a.b', true],
  ['a.**.b.*.c', 'a.b.b.x.c', true],
])('%s and %s: %s', (pattern, topic, matches) => {
  expect(parsePattern(pattern).matches(topic)).toBe(matches)
})

test.each(['', 'a..b', 'a.', '.', 'a*', '***', 'a b', "a'"])('%j is no pattern', (pattern) => {
  expect(() => parsePattern(pattern)).toThrow(expect.objectContaining({ code: 'pattern-invalid' }))
})
test.each(['', 'a..b', '*', 'run.*', 'a b'])('%j is no topic', (topic) => {
  expect(() => checkTopic(topic)).toThrow(expect.objectContaining({ code: 'topic-invalid' }))
})

test('matching is what the words say (against a regular expression), and the prefix begins every match', () => {
  const word = fc.constantFrom('a', 'b', 'c')
  const pattern = fc.array(fc.oneof(word, fc.constant('*'), fc.constant('**')), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(pattern, fc.array(word, { minLength: 1, maxLength: 6 }), (words, topic) => {
      const parsed = parsePattern(words.join('.'))
      const meaning = new RegExp(`^${words.map((part) => (part === '**' ? '(\\.\\w+)*' : `\\.${part === '*' ? '\\w+' : part}`)).join('')}$`)
      const matches = parsed.matches(topic.join('.'))
      expect(matches).toBe(meaning.test(`.${topic.join('.')}`))
      if (matches && parsed.prefix !== '') expect(`${topic.join('.')}.`.startsWith(`${parsed.prefix}.`)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('many wildcards do not make it slow', () => {
  const parsed = parsePattern(`${'**.a.'.repeat(30)}z`)
  expect(parsed.matches('a.'.repeat(200).slice(0, -1))).toBe(false)
})
