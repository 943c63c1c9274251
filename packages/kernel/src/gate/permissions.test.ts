import { describe, expect, test } from 'vitest'
import type { Effect, Verdict } from '@life-os/contract'
import { narrowestOffers, offersOf } from './offers.ts'
import { covers, namesExactly, parsePermission } from './permissions.ts'

describe('what a permission covers', () => {
  const rows: [string, string, Verdict, Effect | undefined, boolean][] = [
    ['fs.write:/a/**', 'fs.read:/a/b', 'allow', undefined, true], // who may write may read
    ['fs.write:/a/**', 'fs.read:/a/b', 'deny', undefined, false], // a refusal to write leaves reading
    ['fs.write:/a/**', 'fs.read:/a/b', 'ask', undefined, false],
    ['fs.read:/a/**', 'fs.write:/a/b', 'allow', undefined, false],
    ['fs.read:/a/**', 'fs.write:/a/b', 'deny', undefined, true], // who may not read may not write
    ['fs.read:/a/**', 'fs.write:/a/b', 'ask', undefined, true],
    ['entity.read:story', 'entity.write:story', 'deny', undefined, true],
    ['net@read:**', 'net:example.org:443', 'allow', 'read', true],
    ['net@read:**', 'net:example.org:443', 'allow', 'external', false],
    ['net@read:**', 'net:example.org:443', 'allow', undefined, false],
    ['net:*:443', 'net:example.org:443', 'allow', 'external', true],
    ['net:*:443', 'net:example.org:80', 'allow', undefined, false],
    ['fs.read:/a/**', 'fs.read:/ab', 'allow', undefined, false],
    ['fs.read:/a (2).txt', 'fs.read:/a (2).txt', 'allow', undefined, true],
    ['fs.read:/a (2).txt', 'fs.read:/a 2.txt', 'allow', undefined, false],
    ['fs.read:/Old (2)/**', 'fs.read:/Old (2)/x', 'allow', undefined, true],
    ['secret.use:**', 'secret.read:x', 'allow', undefined, false],
  ]
  test.each(rows)('%s for %s, to %s, effect %s: %s', (permission, need, verdict, effect, expected) => {
    const { kind, pattern } = parsePermission(need)
    expect(covers(parsePermission(permission), { kind, resource: pattern }, { verdict, ...(effect && { effect }) })).toBe(expected)
  })
  test('a stranger’s pattern holds nobody up', () => {
    const resource = `/${'a'.repeat(4000)}`
    expect(covers(parsePermission(`fs.read:/${'*a'.repeat(12)}b`), { kind: 'fs.read', resource })).toBe(false)
  })
  test('only the very name is exact', () => {
    const exact = (permission: string, kind: string, resource: string) => namesExactly(parsePermission(permission), { kind, resource })
    expect(exact('secret.read:x', 'secret.read', 'x')).toBe(true)
    expect(exact('secret.read:*', 'secret.read', '*')).toBe(false)
    expect(exact('net:Example.org:443', 'net', 'example.org:443')).toBe(true)
    expect(exact('net:example.org', 'net', 'example.org:443')).toBe(false)
    expect(exact('fs.write:/a', 'fs.read', '/a')).toBe(false)
  })
})

describe('what can be remembered', () => {
  const offered = (...needs: string[]) => {
    const parsed = needs.map((need) => ({ kind: parsePermission(need).kind, resource: parsePermission(need).pattern }))
    return offersOf(parsed, '/home/ada').map(({ permission }) => permission)
  }
  const rows: [string, string[], string[]][] = [
    [
      'a file and its folder',
      ['fs.write:/home/ada/Downloads/a.txt'],
      ['fs.write:/home/ada/Downloads/a.txt', 'fs.write:/home/ada/Downloads/**'],
    ],
    ['a file in the home, never the home', ['fs.read:/home/ada/a.txt'], ['fs.read:/home/ada/a.txt']],
    ['nor another home', ['fs.read:/home/eve/a.txt'], ['fs.read:/home/eve/a.txt']],
    ['nor all homes or the disk', ['fs.read:/home/x', 'fs.read:/etc'], ['fs.read:/home/x', 'fs.read:/etc']],
    ['a pattern by its folder', ['fs.read:/srv/media/*.mp3'], ['fs.read:/srv/media/**']],
    ['a folder given whole', ['fs.write:/srv/media/**'], ['fs.write:/srv/media/**']],
    ['no pattern over a disk', ['fs.read:/**', 'fs.read:**', 'fs.read:/home/*/x'], []],
    ['an address and its port', ['net:example.org:443'], ['net:example.org:443']],
    ['an address in numbers', ['net:[::1]:80'], ['net:[::1]:80']],
    ['no pattern of addresses', ['net:*:443', 'net:*.example.org:443'], []],
    ['a program, a secret', ['exec:git', 'secret.use:github'], ['secret.use:github', 'exec:git']],
    ['nothing wide of any kind', ['exec:*', 'secret.read:**', 'model:*'], []],
    [
      'names that would be patterns',
      ['fs.write:/srv/a [1]/x{2}.txt'],
      [String.raw`fs.write:/srv/a \[1\]/x\{2\}.txt`, String.raw`fs.write:/srv/a \[1\]/**`],
    ],
    [
      'what would begin alternatives',
      ['fs.read:/srv/a(b)+(c)/x'],
      [String.raw`fs.read:/srv/a(b)\+(c)/x`, String.raw`fs.read:/srv/a(b)\+(c)/**`],
    ],
  ]
  test.each(rows)('%s', (_what, needs, permissions) => expect(offered(...needs)).toEqual(permissions))

  test('many files are offered by their folders, at most twenty', () => {
    const many = Array.from({ length: 100 }, (_, index) => `fs.write:/srv/media/${index % 30}/${index}.txt`)
    expect(offered(...many)).toHaveLength(20)
    expect(offered(...many).every((permission) => permission.endsWith('/**'))).toBe(true)
  })
  test('the narrowest that together cover what is needed', () => {
    const needs = [
      { kind: 'fs.read', resource: '/srv/a/x' },
      { kind: 'net', resource: 'example.org:443' },
    ]
    expect(narrowestOffers(needs, offersOf(needs, '/home/ada'))).toEqual(['fs.read:/srv/a/x', 'net:example.org:443'])
  })
})
