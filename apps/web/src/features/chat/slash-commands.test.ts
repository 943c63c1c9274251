import { expect, test } from 'vitest'
import { SLASH_COMMANDS, parseSlash } from './slash-commands.ts'

test('a word that is being typed offers what it may become', () => {
  expect(parseSlash('/')).toEqual({ kind: 'open', matches: SLASH_COMMANDS })
  expect(parseSlash('/mo')).toMatchObject({ kind: 'open', matches: [{ word: 'model' }, { word: 'mode' }] })
})
test('a whole command carries what follows it', () => {
  expect(parseSlash('/plan tidy ~/Downloads\nby year')).toMatchObject({
    kind: 'command',
    command: { word: 'plan' },
    rest: 'tidy ~/Downloads\nby year',
  })
  expect(parseSlash('/new ')).toMatchObject({ kind: 'command', command: { word: 'new' }, rest: '' })
})
test.each(['hello', '/home/ada/Downloads', '/etc', ' what is 1/2?', '/unknown thing'])('%s is words', (text) => {
  expect(parseSlash(text)).toEqual({ kind: 'none' })
})
test('what cannot be meant is said', () => {
  expect(parseSlash('/mode fast')).toEqual({ kind: 'fault', message: 'The mode is observe, draft or autopilot.' })
  expect(parseSlash('/new please')).toEqual({ kind: 'fault', message: '/new takes nothing after it.' })
})
