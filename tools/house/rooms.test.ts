import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { importsOf, root, sourceFiles } from './source.ts'

const RUNS = 'packages/kernel/src/runs/'

/** The rooms that architecture.md lists, from the doors down. */
function rooms(): string[] {
  const told = readFileSync(path.join(root, 'docs/architecture.md'), 'utf8').split('### The rooms of `runs`')[1]?.split('## ')[0] ?? ''
  return [...told.matchAll(/^\| `([a-z]+)` \|/gm)].map((found) => found[1] ?? '')
}

const roomOf = (file: string): number => rooms().indexOf(file.slice(RUNS.length).split('/')[0] ?? '')

test('the folders of runs are the rooms that architecture.md tells of', () => {
  const folders = readdirSync(path.join(root, RUNS), { withFileTypes: true }).filter(
    (each) => each.isDirectory() && each.name !== 'fixtures',
  )
  expect(folders.map(({ name }) => name).toSorted()).toEqual(rooms().toSorted())
})

test('a room of runs knows those below it and none above', () => {
  const inside = sourceFiles().filter((file) => file.path.startsWith(RUNS) && !file.isTest && roomOf(file.path) >= 0)
  expect(inside.length).toBeGreaterThan(50)
  const upward = inside.flatMap((file) =>
    importsOf(file).filter(({ target }) => target?.startsWith(RUNS) && roomOf(target) >= 0 && roomOf(target) < roomOf(file.path)),
  )
  expect(upward.map(({ from, line, specifier }) => `${from}:${line} ${specifier}`)).toEqual([])
})
