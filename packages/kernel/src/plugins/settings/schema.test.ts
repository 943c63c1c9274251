import { Manifest } from '@life-os/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { review } from '../installed/review.ts'
import { schemaFaults, valueFaults, withDefaults } from './schema.ts'

const schema = {
  type: 'object',
  properties: {
    server: { type: 'string', format: 'uri', default: 'https://mail.example.org' },
    token: { type: 'string', format: 'secret' },
    every: { type: 'integer', minimum: 1, maximum: 60, default: 5 },
    mode: { type: 'string', enum: ['fast', 'slow'], default: 'slow' },
    names: { type: 'array', items: { type: 'string', pattern: '^[a-z]+$' }, maxItems: 2 },
    deep: { type: 'object', properties: { on: { type: 'boolean', default: true } }, default: {} },
  },
  required: ['token'],
}

describe('settings', () => {
  test('defaults are filled in, also further down', () => {
    expect(schemaFaults(schema)).toEqual([])
    expect(withDefaults(schema, { token: 'mail', every: 7 })).toEqual({
      server: 'https://mail.example.org',
      token: 'mail',
      every: 7,
      mode: 'slow',
      deep: { on: true },
    })
    expect(valueFaults(schema, withDefaults(schema, { token: 'mail' }))).toEqual([])
  })

  test.each([
    [{}, 'token', /must be given/],
    [{ token: 'My secret value!' }, 'token', /name of a secret/],
    [{ token: 'a', server: 'nowhere' }, 'server', /address/],
    [{ token: 'a', every: 0 }, 'every', /at least 1/],
    [{ token: 'a', every: 1.5 }, 'every', /whole/],
    [{ token: 'a', mode: 'mad' }, 'mode', /one of/],
    [{ token: 'a', names: ['ok', 'NO'] }, 'names[1]', /match/],
    [{ token: 'a', names: ['a', 'b', 'c'] }, 'names', /at most 2/],
    [{ token: 'a', deep: { on: 'yes' } }, 'deep.on', /true or false/],
    [{ token: 'a', other: 1 }, 'other', /not a setting/],
  ])('%j names the field', (values, field, message) => {
    expect(valueFaults(schema, values)).toEqual([{ field, message: expect.stringMatching(message) as string }])
  })

  test('a pattern that would take for ever elsewhere answers at once', () => {
    const slow = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } }
    expect(schemaFaults(slow)).toEqual([])
    expect(valueFaults(slow, { a: `${'a'.repeat(50_000)}!` })).toHaveLength(1)
  })

  test.each([
    [{ type: 'string' }, /must be of type "object"/],
    [{ type: 'object', properties: { a: { $ref: '#' } } }, /uses "\$ref"/],
    [{ type: 'object', properties: { a: 7 } }, /is no schema/],
    [{ type: 'object', properties: JSON.parse('{"__proto__":{"type":"string"}}') as object }, /no name for a setting/],
    [{ type: 'object', properties: { a: { type: 'string', pattern: '(' } } }, /pattern/],
  ])('the schema %j is refused', (given, message) => expect(schemaFaults(given).join(' ')).toMatch(message))

  test('no schema and no value that JSON can hold makes it throw', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', 'properties', 'items', 'required', 'enum', 'pattern', 'default', 'x'), fc.jsonValue()),
        fc.jsonValue(),
        (given, value) => {
          schemaFaults(given)
          valueFaults(given, value)
        },
      ),
    )
  })
})

test('a hostile manifest is refused by its shape or reviewed, and never makes the review throw', () => {
  const base = {
    id: 'guest',
    name: 'G',
    version: '1.0.0',
    sdk: '^1.0.0',
    description: '',
    author: '',
    license: '',
    category: '',
    entry: 'i.ts',
    permissions: [],
    tools: [],
  }
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom('../../x', '__proto__', '\u202Eexe', 'a'.repeat(10_000), '**', '\0'))
  const fields = fc.dictionary(
    fc.constantFrom('id', 'version', 'sdk', 'entry', 'permissions', 'tools', 'settings', 'requires', 'limits', 'plans', '__proto__', 'x'),
    fc.oneof(
      odd,
      fc.array(fc.record({ permission: fc.oneof(fc.string(), fc.constantFrom('exec:sh', 'root:*', 'net:\n')), reason: fc.string() })),
    ),
  )
  fc.assert(
    fc.property(fields, (changes) => {
      const read = Manifest.safeParse({ ...base, ...changes })
      if (!read.success) return
      const install = {
        id: read.data.id,
        digest: 'd',
        state: 'waiting' as const,
        source: { kind: 'archive' as const, name: 'x' },
        manifest: read.data,
        accepted: null,
        at: 0,
        by: 'ada',
      }
      const pending = review(install, '/nowhere', { manifest: read.data, accepted: [], tools: null })
      expect(pending.permissions.added.length + pending.permissions.kept.length).toBe(read.data.permissions.length)
    }),
    { numRuns: 1000 },
  )
})
