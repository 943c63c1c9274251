import { expect, test } from 'vitest'
import { commandLine, diffFiles, looksLikeDiff, reachWords } from './command-line.ts'
import { highlight, languageOf } from './highlight.ts'

test('a command line quotes what a shell would split or read', () => {
  expect(commandLine('git', ['commit', '-m', "it's done", 'a b', '$HOME'])).toBe(String.raw`git commit -m 'it'\''s done' 'a b' '$HOME'`)
  expect(commandLine('ls', ['/tmp/x-1_2.txt', '--color=auto', ''])).toBe("ls /tmp/x-1_2.txt --color=auto ''")
})

test.each([
  [{ mounts: [], network: [], sandboxed: true }, 'no folders · no network'],
  [{ mounts: [{ path: '/srv/a', access: 'read' as const }], network: [], sandboxed: true }, 'only reads · no network'],
  [{ mounts: [{ path: '/srv/a', access: 'write' as const }], network: ['x.org:443'], sandboxed: true }, 'writes /srv/a · x.org:443'],
  [{ mounts: [], network: [], sandboxed: false }, 'not sandboxed'],
])('what it may touch: %j', (command, words) => {
  expect(reachWords(command)).toBe(words)
})

test('a diff is told from other text and cut into its files', () => {
  const diff = ['diff --git a/x.txt b/x.txt', '--- a/x.txt', '+++ b/x.txt', '@@ -1 +1 @@', '-old', '+new'].join('\n')
  expect(looksLikeDiff(diff)).toBe(true)
  expect(looksLikeDiff('+1 for this\n- and a list')).toBe(false)
  expect(diffFiles(`${diff}\n${diff.replaceAll('x.txt', 'y.txt')}`).map((file) => file.name)).toEqual(['x.txt', 'y.txt'])
  expect(diffFiles(diff.split('\n').slice(1).join('\n')).map((file) => file.name)).toEqual(['x.txt'])
})

test('a highlighted script is the script, letter by letter', () => {
  const script = 'import os # the system\nname = "a \\" b"\nprint(name, 12)\nfor x in y: pass'
  const pieces = highlight(script, 'python')
  expect(pieces.map((piece) => piece.text).join('')).toBe(script)
  expect(pieces.filter((piece) => piece.ink === 'word').map((piece) => piece.text)).toEqual(['import', 'for', 'in', 'pass'])
  expect(pieces.find((piece) => piece.ink === 'note')?.text).toBe('# the system')
  expect(pieces.find((piece) => piece.ink === 'text')?.text).toBe('"a \\" b"')
})

test.each([
  ['python3', 'python'],
  ['/usr/bin/node', 'script'],
  ['bash', 'shell'],
])('%s reads %s', (program, language) => {
  expect(languageOf(program)).toBe(language)
})
