import type { McpServerConfig } from '@life-os/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FIRST, configOf, draftOf, faultsOf, words } from './mcp-draft.ts'

describe('arguments as one line', () => {
  test.each([
    ['a b', ['a', 'b']],
    [' a  "b c" ', ['a', 'b c']],
    [`'it''s' x`, ['its', 'x']],
    ['a\\ b', ['a b']],
    ['""', ['']],
    ['"open', null],
    ['', []],
  ])('%s', (text, expected) => {
    expect(words(text)).toEqual(expected)
  })
  test('what is shown is read as it was, and a shell is never asked', () => {
    const word = fc.string({ minLength: 0, maxLength: 12 }).filter((text) => !/[\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), (args) => {
        const config: McpServerConfig = {
          id: 'x',
          name: 'x',
          enabled: true,
          timeout: 60_000,
          transport: { kind: 'stdio', command: 'node', args, env: {}, secretEnv: {}, mounts: [], network: [] },
        }
        expect(configOf(draftOf(config), config)).toEqual(config)
      }),
    )
  })
})

test('a server over HTTP keeps its secret by name', () => {
  const config: McpServerConfig = {
    id: 'notes',
    name: 'Notes',
    enabled: true,
    timeout: 5000,
    transport: { kind: 'http', url: 'https://example.org/mcp', auth: { secret: 'notes-key', as: 'bearer' } },
  }
  expect(configOf(draftOf(config), config)).toEqual(config)
})

test('what cannot be meant is said at its field', () => {
  expect(faultsOf({ ...FIRST, name: '1', args: '"', folders: 'home', network: 'example.org', env: '1=2', command: ' ' })).toMatchObject({
    name: expect.any(String),
    args: expect.any(String),
    folders: expect.any(String),
    network: expect.any(String),
    env: expect.any(String),
    command: expect.any(String),
  })
  expect(faultsOf({ ...FIRST, name: 'x', kind: 'http', url: 'file:///etc' })).toEqual({ url: 'Write it like https://example.org/mcp.' })
  expect(faultsOf({ ...FIRST, name: 'Everything', args: '/opt/server.js', network: 'api.example.org:443', env: 'A=b=c' })).toEqual({})
})
