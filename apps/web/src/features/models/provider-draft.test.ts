import { describe, expect, test } from 'vitest'
import { draftFaults, firstDraft, hostOf, idOf } from './provider-draft.ts'

describe('a provider that is set up', () => {
  test('gets an id from its name', () => {
    expect(idOf('OpenAI')).toBe('openai')
    expect(idOf('  My Server (2) ')).toBe('my-server-2')
    expect(idOf('42 boxes')).toBe('boxes')
    expect(idOf('…')).toBe('')
  })
  test('has its key sent to its own place alone', () => {
    expect(hostOf('https://api.openai.com/v1')).toBe('api.openai.com:443')
    expect(hostOf('http://127.0.0.1:1234/v1')).toBe('127.0.0.1:1234')
  })
  test('needs what its kind needs', () => {
    const first = firstDraft()
    expect(draftFaults(first)).toEqual({ key: 'It does not answer without a key.' })
    expect(draftFaults({ ...first, key: 'short' })).toEqual({ key: 'This is too short for a key.' })
    expect(draftFaults({ ...first, kind: 'ollama' })).toEqual({})
    expect(draftFaults({ ...first, kind: 'ollama', url: 'file:///etc' })).toEqual({ url: 'Write it like http://127.0.0.1:1234/v1.' })
    expect(draftFaults({ ...first, key: 'long enough', name: '?' })).toEqual({ name: 'Give it a name with a letter in it.' })
  })
})
