import { describe, expect, test } from 'vitest'
import { absolutePath, numberedName, resolveTarget, splitExtension } from './path.ts'
import { covers, isReserved } from './scope.ts'

describe('what a resource covers', () => {
  test.each([
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/b/c/d', true],
    ['/a/b', '/a/bc', false],
    ['/a/b', '/a', false],
    ['/', '/anything', true],
    ['/a/**', '/a', true],
    ['/a/**', '/a/b/c', true],
    ['/a/**', '/ab', false],
    ['/**', '/x', true],
    ['/a/*.txt', '/a/x.txt', true],
    ['/a/*.txt', '/a/b/x.txt', false],
    ['/a/*.txt', '/a/x.txt.exe', false],
    ['/a/**/x', '/a/b/c/x', true],
    ['/a/**/x', '/a/x', true],
    ['/a/**/x', '/a/y', false],
    ['/a/*', '/a/b/c', true],
    ['/a/x*y*z', '/a/xyyz', true],
    ['/a/x*y*z', '/a/xz', false],
    ['/a/[draft] note.txt', '/a/[draft] note.txt', true],
    ['/a/[ab].txt', '/a/a.txt', false],
    ['/a/{b,c}', '/a/b', false],
    ['/a/?', '/a/b', false],
    ['/a/star*', '/a/star*', true],
  ])('%s covers %s: %s', (resource, path, covered) => expect(covers(resource, path)).toBe(covered))

  test('a pattern made to be slow ends', () => expect(covers(`/${'*a'.repeat(60)}b`, `/${'a'.repeat(250)}`)).toBe(false))
})

test('what belongs to Life-OS', () => {
  for (const path of ['/h/.life-os', '/h/.life-os/trash/1', '/mnt/.life-os-trash-1000/x', '/mnt/.life-os-trash-0'])
    expect(isReserved(path, '/h/.life-os')).toBe(true)
  for (const path of ['/h', '/h/.life-osx', '/h/life-os']) expect(isReserved(path, '/h/.life-os')).toBe(false)
})

test.each(['relative', '', '/a/', '/a//b', '/a/./b', '/a/../b', '/..', '/a/b\0', '/a/\ud800', 5, null])('%j is no path', (path) => {
  expect(() => absolutePath(path)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(path|name)-invalid$/) }))
})
test('a name of 255 bytes is one, of 256 is too long', () => {
  expect(absolutePath(`/${'ü'.repeat(127)}x`)).toBeTypeOf('string')
  expect(() => absolutePath(`/${'ü'.repeat(128)}`)).toThrow(expect.objectContaining({ code: 'name-too-long' }))
})

test.each([
  ['a.txt', 'a (2).txt'],
  ['a.tar.gz', 'a (2).tar.gz'],
  ['.bashrc', '.bashrc (2)'],
  ['noextension', 'noextension (2)'],
  ['a.b c', 'a.b c (2)'],
  ['a (2).txt', 'a (2) (2).txt'],
  [`${'x'.repeat(251)}.txt`, `${'x'.repeat(247)} (2).txt`],
  [`${'😀'.repeat(62)}.txt`, `${'😀'.repeat(61)} (2).txt`],
])('%s numbered is %s', (name, numbered) => expect(numberedName(name, 2, 'file')).toBe(numbered))
test('a folder has no extension', () => expect(numberedName('v1.2', 2, 'folder')).toBe('v1.2 (2)'))
test.each([
  ['a.tar.gz', ['a', '.tar.gz']],
  ['.profile', ['.profile', '']],
  ['a.', ['a.', '']],
  ['photo.JPG', ['photo', '.JPG']],
])('%s is split', (name, parts) => expect(splitExtension(name)).toEqual(parts))
test.each([
  ['/a/link', 'b', '/a/b'],
  ['/a/link', '../b', '/b'],
  ['/a/link', '/c/./d', '/c/d'],
  ['/a/link', '../../../..', '/'],
])('%s → %s', (link, target, resolved) => expect(resolveTarget(link, target)).toBe(resolved))
