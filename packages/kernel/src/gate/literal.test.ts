import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describePermission, type Need } from '@life-os/contract'
import { covers, isGlob, literal, namesExactly, parsePermission, permissionFor, placeOf, unescaped } from './permissions.ts'

/** Names made of what patterns know, and a few plain letters. */
const names = fc
  .array(fc.constantFrom(...String.raw`\*?[]{}()!+@|^,.-ab1 `), { minLength: 1, maxLength: 8 })
  .map((characters) => characters.join(''))
  .filter((name) => name !== '.' && name !== '..')
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
const file = (resource: string): Need => ({ kind: 'fs.read', resource })
const given = (need: Need) => parsePermission(permissionFor(need))

describe('a grant written from a need', () => {
  test('covers that place, is exact, and reads back as its name', () => {
    fc.assert(
      fc.property(
        paths.filter((path) => !path.endsWith('/**')),
        (path) => {
          const permission = given(file(path))
          expect(covers(permission, file(path))).toBe(true)
          expect(namesExactly(permission, file(path))).toBe(true)
          expect(unescaped(permission.pattern)).toBe(path)
          expect(isGlob(permission.pattern)).toBe(false)
          expect(placeOf(permission.pattern)).toBe(path)
        },
      ),
      { numRuns: 2000 },
    )
  })
  test('covers no other place', () => {
    fc.assert(
      fc.property(paths, paths, (path, other) => {
        fc.pre(path !== other && !path.endsWith('/**'))
        expect(covers(given(file(path)), file(other))).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })
  test('for a folder covers what lies in it and nothing beside it', () => {
    fc.assert(
      fc.property(paths, paths, (folder, other) => {
        const permission = given(file(`${folder}/**`))
        expect(covers(permission, file(folder + other))).toBe(true)
        expect(covers(permission, file(other))).toBe(other === folder || other.startsWith(`${folder}/`))
      }),
      { numRuns: 2000 },
    )
  })
  test.each([
    ['/a/[draft].txt', '/a/d.txt'],
    ['/a/{b,c}.txt', '/a/b.txt'],
    ['/a/wh?t', '/a/what'],
    ['/a/star*.txt', '/a/stars.txt'],
    ['/a/!(x)', '/a/y'],
  ])('%s does not cover %s', (path, other) => {
    expect(covers(given(file(path)), file(path))).toBe(true)
    expect(covers(given(file(path)), file(other))).toBe(false)
  })
  test('a star in the name of a secret or a program is a star', () => {
    expect(covers(given({ kind: 'secret.use', resource: '*' }), { kind: 'secret.use', resource: 'github' })).toBe(false)
    expect(permissionFor({ kind: 'net', resource: '[::1]:80' })).toBe('net:[::1]:80')
  })
  test('is told by its name', () => {
    expect(describePermission(`fs.read:${literal('/srv/a [1]/x{2}?.txt')}`).title).toBe('Read /srv/a [1]/x{2}?.txt')
    expect(describePermission(`fs.write:${literal('/srv/media/a*')}/**`)).toMatchObject({
      title: 'Change files in /srv/media/a* and below',
      danger: 1,
    })
  })
})

test('who may not have a folder has nothing below it', () => {
  const refuses = (permission: string, resource: string, verdict: 'deny' | 'ask' | 'allow') =>
    covers(parsePermission(permission), file(resource), { verdict })
  for (const verdict of ['deny', 'ask'] as const) {
    expect(refuses('fs.read:/a/private', '/a/private/deep/x', verdict)).toBe(true)
    expect(refuses('fs.read:/a/priv*', '/a/private/deep/x', verdict)).toBe(true)
    expect(refuses('fs.read:/a/private', '/a/privates', verdict)).toBe(false)
  }
  expect(refuses('fs.read:/a/private', '/a/private/deep/x', 'allow')).toBe(false)
})
