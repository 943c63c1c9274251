import { expect, test } from 'vitest'
import { importsOf, sourceFiles } from './source.ts'
import { faultOf } from './tiers.ts'

const link = (from: string, specifier: string, target: string | null = null) => ({ from, specifier, target, line: 1 })

test.each([
  ['contract may use zod', link('packages/contract/src/a.ts', 'zod'), null],
  ['contract may not use a built-in', link('packages/contract/src/a.ts', 'node:fs'), /zod/],
  ['the SDK may use the contract', link('packages/plugin-sdk/src/a.ts', '@life-os/contract'), null],
  ['the SDK may not use the kernel', link('packages/plugin-sdk/src/a.ts', '@life-os/kernel/gate'), /may not import kernel/],
  ['the kernel may not use a plugin', link('packages/kernel/src/gate/a.ts', '@life-os/plugin-files'), /may not import plugin files/],
  ['the kernel may not use Hono', link('packages/kernel/src/gate/a.ts', 'hono'), /no HTTP server/],
  ['a plugin may not open files', link('plugins/files/src/a.ts', 'node:fs/promises'), /ambient power/],
  ['a plugin may not use the contract', link('plugins/files/src/a.ts', '@life-os/contract'), /may not import contract/],
  [
    'a plugin may not use another',
    link('plugins/files/src/a.ts', '../../text/src/b.ts', 'plugins/text/src/b.ts'),
    /reaches into plugin text/,
  ],
  ['the web app may not use the kernel', link('apps/web/src/app/a.ts', '@life-os/kernel/runs'), /may not import kernel/],
  [
    'a path may not leave its package',
    link('apps/cli/src/a.ts', '../../../packages/kernel/src/gate/index.ts', 'packages/kernel/src/gate/index.ts'),
    /import its package/,
  ],
  [
    'a module may use the door of another',
    link('packages/kernel/src/runs/a.ts', '../gate/index.ts', 'packages/kernel/src/gate/index.ts'),
    null,
  ],
  [
    'a module may not use the inside of another',
    link('packages/kernel/src/runs/a.ts', '../gate/decide.ts', 'packages/kernel/src/gate/decide.ts'),
    /index\.ts/,
  ],
  [
    'a feature may not use another',
    link('apps/web/src/features/runs/a.tsx', '@/features/inbox/b', 'apps/web/src/features/inbox/b.tsx'),
    /imports the feature/,
  ],
])('%s', (_name, given, fault) => {
  const answer = faultOf(given, { isTest: false })
  if (fault === null) expect(answer).toBeNull()
  else expect(answer).toMatch(fault)
})

test('every import of the repository goes downward, and through doors', () => {
  const faults = sourceFiles().flatMap((file) =>
    importsOf(file).flatMap((found) => {
      const fault = faultOf(found, { isTest: file.isTest })
      return fault === null ? [] : [`${found.from}:${found.line} '${found.specifier}': ${fault}`]
    }),
  )
  expect(faults).toEqual([])
})

test('no file imports itself through others', () => {
  const graph = new Map(sourceFiles().map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])]))
  expect(cycleIn(graph)).toBeNull()
  expect(
    cycleIn(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['a']],
      ]),
    ),
  ).toBe('a → b → c → a')
})

/** The first cycle found, written out, or null. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string | null {
  const done = new Set<string>()
  const path: string[] = []
  function visit(file: string): string | null {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ')
    if (done.has(file)) return null
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const found = visit(next)
      if (found !== null) return found
    }
    path.pop()
    done.add(file)
    return null
  }
  for (const file of graph.keys()) {
    const found = visit(file)
    if (found !== null) return found
  }
  return null
}
