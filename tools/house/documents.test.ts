// What the documents show is true: links lead somewhere, plans are plans, functions exist, commands are named as they are.
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { readAgent } from '@life-os/kernel/agents'
import { PLAN_FUNCTIONS, checkPlan, parsePlan } from '@life-os/kernel/plans'
import type { PluginV1 } from '@life-os/plugin-sdk'
import { describeTool } from '@life-os/plugin-sdk/tool'
import { expect, test } from 'vitest'
import { root } from './source.ts'

const documents = globSync(['*.md', 'docs/**/*.md', '{plugins,examples/plugins}/*/README.md'], { cwd: root }).sort()
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8')

async function tools() {
  const manifests = globSync('plugins/*/manifest.json', { cwd: root }).map((file) => path.dirname(file))
  const described = manifests.map(async (folder) => {
    const plugin = ((await import(pathToFileURL(path.join(root, folder, 'src', 'index.ts')).href)) as { default: PluginV1 }).default // what definePlugin returns
    return plugin.tools.map((tool) => describeTool(tool, { plugin: path.basename(folder), version: '0.0.0' }))
  })
  return new Map((await Promise.all(described)).flat().map((tool) => [tool.id, tool]))
}

test('every link to a file of the repository leads to one', () => {
  const broken = documents.flatMap((file) =>
    [...textOf(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].flatMap(([, link = '']) =>
      existsSync(path.resolve(root, path.dirname(file), link)) ? [] : [`${file}: ${link}`],
    ),
  )
  expect(broken).toEqual([])
})

const isAgent = (text: string): boolean => /^instructions:/m.test(text)

test('every agent that a document shows is one', () => {
  const shown = documents
    .flatMap((file) => [...textOf(file).matchAll(/```yaml\n(id: [\s\S]*?)```/g)].map(([, text = '']) => text))
    .filter(isAgent)
  expect(shown.length).toBeGreaterThan(1)
  expect(shown.map(readAgent).flatMap((read) => (read.ok ? [] : read.faults))).toEqual([])
})

test('every plan that a document shows passes the checker', async () => {
  const known = await tools()
  const blocks = documents.flatMap((file) =>
    [...textOf(file).matchAll(/```yaml\n(id: [\s\S]*?)```/g)].flatMap(([, plan = '']) => (isAgent(plan) ? [] : [{ file, plan }])),
  )
  expect(blocks.length).toBeGreaterThan(1)
  const faults = blocks.flatMap(({ file, plan }) => {
    const parsed = parsePlan(plan)
    const found = parsed.ok
      ? checkPlan(parsed.plan, { tool: (id) => known.get(id), plan: () => undefined }, parsed.positions)
      : parsed.faults
    return found.map(({ line, message }) => `${file}, line ${line} of a plan: ${message}`)
  })
  expect(faults).toEqual([])
})

test('the guide to plans names every function of expressions', () => {
  const guide = textOf('docs/guides/plans.md')
  // CEL has a `matches` of its own, so ours goes by another name inside.
  const names = PLAN_FUNCTIONS.map(
    ({ signature }) => /(?:\w+\.)?(\w+)\(/.exec(signature)?.[1]?.replace('matchesRe2', 'matches') ?? signature,
  )
  expect([...new Set(names)].filter((name) => !guide.includes(`${name}(`))).toEqual([])
})

test('every script that a document names exists', () => {
  const missing = documents.flatMap((file) =>
    [...textOf(file).matchAll(/(?<![\w/])(tools\/[\w/-]+\.(?:mjs|ts|json))\b/g)].flatMap(([, script = '']) =>
      existsSync(path.join(root, script)) ? [] : [`${file}: ${script}`],
    ),
  )
  expect(missing).toEqual([])
})
