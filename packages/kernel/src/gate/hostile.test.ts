import fc from 'fast-check'
import { describePermission } from '@life-os/contract'
import { expect, test } from 'vitest'
import { covers, isGlob, namesExactly, parsePermission, permissionFor, placeOf, unescaped } from './permissions.ts'

const KINDS = ['fs.read', 'fs.write', 'net', 'exec', 'secret.use', 'secret.read', 'spend', '', '__proto__', 'constructor']
const rough = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...String.raw`\*?[]{}()!+@|^,./-:a1 `), { maxLength: 40 }).map((parts) => parts.join('')),
  fc.constantFrom(
    '{a,'.repeat(200),
    '+('.repeat(100),
    '*'.repeat(500),
    '[!-~]'.repeat(50),
    `${'*a'.repeat(25)}b`,
    '{1..9999999}',
    '/**'.repeat(40),
  ),
)
const permission = fc.oneof(
  fc.tuple(fc.constantFrom(...KINDS), rough).map(([kind, text]) => `${kind}:${text}`),
  rough,
)
const need = fc.record({
  kind: fc.constantFrom(...KINDS),
  resource: fc.oneof(rough, fc.constantFrom('/home/ada/a', 'a.example:443', 'a'.repeat(5000))),
})

test('no permission that a manifest or a person writes, and no need of a tool, makes the gate throw or think for long', () => {
  fc.assert(
    fc.property(permission, need, fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const), (text, asked, verdict) => {
      const given = parsePermission(text)
      const answer = covers(given, asked, { verdict })
      expect(typeof answer).toBe('boolean')
      if (given.kind !== asked.kind && !given.kind.startsWith('fs.')) expect(answer).toBe(false) // one kind never gives another
      expect(typeof namesExactly(given, asked)).toBe('boolean')
      for (const work of [isGlob, placeOf, unescaped]) work(given.pattern)
      expect(describePermission(text).title).not.toBe('')
      parsePermission(permissionFor(asked))
    }),
    { numRuns: 1500, timeout: 5000 },
  )
})
