import fc from 'fast-check'
import picomatch from 'picomatch'
import { describe, expect, test } from 'vitest'
import { compileGlob } from './index.ts'

const matches = (glob: string, path: string): boolean | undefined => compileGlob(glob)?.(path)

describe('a glob', () => {
  const rows: [string, string, boolean][] = [
    ['*.pdf', 'a.pdf', true],
    ['*.pdf', 'b/a.pdf', false],
    ['*', '.hidden', true],
    ['**/*.jpg', 'a.jpg', true],
    ['**/*.jpg', 'a/.b/c.jpg', true],
    ['/home/*/x', '/home/ada/x', true],
    ['/home/*/x', '/home/ada/b/x', false],
    ['/a/**', '/a', true],
    ['/a/**', '/ab', false],
    ['/a/**/x', '/a/x', true],
    ['/a/**/x', '/a/b\nc/d/x', true], // a name may hold a line break
    ['/**/x', '/x', true],
    ['/**/x', '/a/x', true],
    ['/a/b**', '/a/bcd', true],
    ['/a/b**', '/a/bc/d', false],
    ['/a?', '/ab', true],
    ['/[a-c]x', '/bx', true],
    ['/[!a-c]x', '/bx', false],
    ['/[!a]', '//', false],
    ['/[', '/[', true],
    ['*.{jpg,png}', 'x.png', true],
    ['{a,b/**}', 'b/c/d', true],
    ['{**/a,b}', 'x/a', true],
    ['{a}', '{a}', true],
    ['@(a|b).txt', 'b.txt', true],
    ['+(ab)c', 'ababc', true],
    ['?(a)b', 'b', true],
    ['*(a)b', 'aab', true],
    ['*(', 'a(', true], // a bracket that nothing closes is a letter
    ['**(a', 'b(a', true],
    ['+(a', '+(a', true],
    ['/Old (2)/*.txt', '/Old (2)/a.txt', true],
    ['/Old (2)/*.txt', '/Old 2/a.txt', false],
    ['/\\*/**', '/*/x', true],
    ['/\\*/**', '/b/x', false],
    ['/a\\{1\\}*', '/a{1}.txt', true],
    ['/.x+$^|*', '/.x+$^|y', true],
  ]
  test.each(rows)('%j and %j: %j', (glob, path, expected) => {
    expect(matches(glob, path)).toBe(expected)
  })

  test('that only a backtracking matcher could have is none', () => {
    for (const glob of ['!(a)', '/x/!(a|b)', '{a,!(b)}', '*'.repeat(201)]) expect(compileGlob(glob)).toBeNull()
  })

  test('matches what it matched by regular expressions that backtrack', () => {
    const piece = fc.constantFrom('a', 'b', '.a', '*', '?', '*a', 'a*', '[ab]', '[^a]', '{a,b}', 'b{,a}')
    const name = fc.array(piece, { minLength: 1, maxLength: 3 }).map((pieces) => pieces.join('').replace(/\*{2,}/g, '*'))
    const glob = fc
      .array(fc.oneof({ weight: 3, arbitrary: name }, fc.constant('**')), { minLength: 1, maxLength: 4 })
      .map((names) => names.join('/'))
    const path = fc.array(fc.stringMatching(/^[ab][ab.]{0,3}$/), { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
    fc.assert(
      fc.property(glob, path, (pattern, text) => {
        for (const front of pattern.startsWith('**') ? [''] : ['', '/'])
          expect([front + pattern, front + text, matches(front + pattern, front + text)]).toEqual([
            front + pattern,
            front + text,
            picomatch(front + pattern, { dot: true, nonegate: true })(front + text),
          ])
      }),
      { numRuns: 3000 },
    )
  })

  test('of a stranger holds nobody up', () => {
    const began = performance.now()
    for (const glob of [`/${'*a'.repeat(40)}b`, `/**/${'a/**/'.repeat(30)}b`, `/${'+(+(a))'.repeat(5)}b`, `/${'{a,aa}'.repeat(60)}b`])
      for (const path of [`/${'a'.repeat(4000)}`, '/a'.repeat(2000)]) expect(matches(glob, path)).toBe(false)
    expect(performance.now() - began).toBeLessThan(20_000) // backtracking would take longer than anybody waits
  })
})
