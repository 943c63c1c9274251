import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { libraries } from './libraries.ts'
import { root } from './source.ts'

const list = libraries()
/** OFL covers the two fonts. */
const allowed = /^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|OFL-1\.1|MPL-2\.0|MIT-0|BlueOak-1\.0\.0)$/

/** Of the MCP project: its LICENSE file gives both, by contribution, while it moves from one to the other. For tests alone. */
const BY_FILE = new Set(
  ['inspector', 'server-everything', 'server-filesystem', 'server-memory'].map((name) => `@modelcontextprotocol/${name}`),
)
/** Its script ends at once where it finds itself installed as a dependency; set-up runs none in any case. */
const HARMLESS_SCRIPT = new Set(['@modelcontextprotocol/inspector'])

test('every dependency says why it is there', () => {
  expect(
    list.filter(({ why }) => why === null).map(({ name }) => name),
    'add a line to tools/house/libraries.json',
  ).toEqual([])
})

test('every dependency is licensed for this use', () => {
  expect(
    list
      .map((library) => ({ ...library, license: BY_FILE.has(library.name) ? 'MIT AND Apache-2.0' : library.license }))
      .filter(({ license }) =>
        license.split(' OR ').every((one) => one.split(' AND ').some((each) => !allowed.test(each.replace(/[()]/g, '')))),
      )
      .map(({ name, license }) => `${name}: ${license}`),
  ).toEqual([])
})

test('no dependency runs a program when it is installed', () => {
  expect(list.filter(({ installScript, name }) => installScript && !HARMLESS_SCRIPT.has(name)).map(({ name }) => name)).toEqual([])
})

test('the page of libraries names each of them', () => {
  const page = readFileSync(path.join(root, 'docs', 'decisions', '0003-libraries.md'), 'utf8')
  const missing = list.filter(({ name }) => !page.includes(`| ${name} |`)).map(({ name }) => name)
  expect(missing, 'run: node tools/run.mjs tools/house/libraries.ts').toEqual([])
})
