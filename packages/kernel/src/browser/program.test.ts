import { chmodSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findProgram } from './program.ts'

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-program-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => path.join(folder, name)
for (const name of ['chrome', 'msedge', 'readme']) writeFileSync(at(name), '')
for (const name of ['chrome', 'msedge']) chmodSync(at(name), 0o755)
symlinkSync(at('msedge'), at('link'))

test('the first of the known browsers that can be run is taken, links resolved', () => {
  expect(findProgram({ places: [at('none'), at('readme'), at('link'), at('chrome')] })).toBe(at('msedge'))
})

test('what a person chose is taken, or named where it cannot be run', () => {
  expect(findProgram({ chosen: at('chrome'), places: [at('msedge')] })).toBe(at('chrome'))
  for (const chosen of [at('none'), at('readme'), 'chrome'])
    expect(() => findProgram({ chosen, places: [at('msedge')] })).toThrow(expect.objectContaining({ code: 'browser-missing' }))
})

test.each([
  ['linux', 'apt-get install chromium'],
  ['darwin', 'brew install'],
  ['win32', 'install Chromium, Chrome or Edge'],
  ['plan9', 'install Chromium'],
])('where there is none on %s it says how to get one', (platform, words) => {
  expect(() => findProgram({ platform, places: [] })).toThrow(expect.objectContaining({ message: expect.stringContaining(words) }))
})
