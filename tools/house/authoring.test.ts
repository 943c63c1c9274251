// The guide for authors is true: followed to the letter it makes a plugin that passes, its other code has the types that it uses.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createProgram } from '../../apps/cli/src/program.ts'
import { createSandbox } from '@life-os/kernel/sandbox'
import { createBoxedPlugins, openTestHosts } from '@life-os/kernel/trial'
import { Exchange, contractChecks } from '@life-os/plugin-sdk/testing/checks'
import { localFiles, scaffoldFiles } from '@life-os/plugin-sdk/scaffold'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPlugins } from '../build/plugins.ts'
import { root } from './source.ts'

const guide = readFileSync(path.join(root, 'docs', 'guides', 'authoring.md'), 'utf8')
const blocks = (language: string): string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text)
const NAMED = /^\/\/ (\S+)\n/
const place = mkdtempSync(path.join(tmpdir(), 'life-os-guide-'))
const folder = path.join(place, 'garden-diary')

function write(name: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), text)
}

beforeAll(async () => {
  await buildPlugins({ root, out: path.join(root, 'dist') })
  for (const [name, text] of Object.entries(scaffoldFiles({ id: 'garden-diary', author: 'You' }))) write(name, text)
  for (const [name, text] of Object.entries(localFiles(root))) write(path.join('.life-os', name), text)
}, 60_000)
afterAll(() => rmSync(place, { recursive: true }))

test('what it reads is what lifeos plugin new makes', () => {
  const shown = blocks('ts').find((text) => text.startsWith('// src/tools/count-words.ts'))
  expect(shown?.replace(NAMED, '')).toBe(readFileSync(path.join(folder, 'src/tools/count-words.ts'), 'utf8'))
})

test('followed to the letter it makes a plugin that passes the check', async () => {
  for (const text of [...blocks('ts'), ...blocks('jsonc')]) {
    const name = NAMED.exec(text)?.[1]
    if (name !== undefined) write(name, text.replace(NAMED, ''))
  }
  const readme = readFileSync(path.join(folder, 'README.md'), 'utf8')
  write('README.md', `${readme}\n- \`garden-diary.today\` writes into the diary.\n`)
  await using sandbox = await createSandbox()
  await using boxes = await createBoxedPlugins({ build: path.join(root, 'dist'), spawn: sandbox.spawnPlugin })
  await using hosts = openTestHosts()
  const checks = contractChecks(folder, { createTestHost: hosts.create, open: boxes.open, probe: boxes.probe })
  const faults: string[] = []
  for (const { name, tool, run } of checks) faults.push(...(await run()).map((fault) => `${tool ?? ''} ${name}: ${fault}`))
  expect(faults).toEqual([])
  expect(checks.length).toBeGreaterThan(30)
}, 120_000)

test('its other code has the types that it uses', async () => {
  const samples = path.join(place, 'samples')
  cpSync(folder, samples, { recursive: true })
  const others = blocks('ts').filter((text) => !NAMED.test(text))
  expect(others.length).toBeGreaterThan(4)
  for (const [index, text] of others.entries()) writeFileSync(path.join(samples, 'src', `sample-${index}.ts`), text)
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', samples]).catch((thrown: { stdout: string }) => thrown)
  expect(stdout).toBe('')
}, 120_000)

test('its exchange is one', () => {
  const exchanges = blocks('json')
  expect(exchanges.map((text) => Exchange.safeParse(JSON.parse(text)).success)).toEqual([true])
})

const refuse = (): never => {
  throw new Error('no command is run here')
}

test('each command that it shows is one, with these options', () => {
  const program = createProgram({ session: refuse, finish: () => undefined })
  const lines = blocks('sh').flatMap((text) => text.split('\n').filter((line) => line.startsWith('lifeos ')))
  expect(lines.length).toBeGreaterThan(6)
  const unknown = lines.filter((line) => {
    const words = line.split(' ').slice(1)
    let command = program
    for (
      let next = command.commands.find((one) => one.name() === words[0]);
      next;
      next = command.commands.find((one) => one.name() === words[0])
    ) {
      command = next
      words.shift()
    }
    const options = words.filter((word) => word.startsWith('--'))
    return command === program || options.some((option) => !command.options.some(({ long }) => long === option))
  })
  expect(unknown).toEqual([])
})
