import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Manifest } from '@life-os/contract'
import { agentFaults } from './contract/agents.ts'
import { LEVELS, QUALITY_RULES, importFaults, probeLoading, qualityFaults, readManifest, readmeFaults } from './checks.ts'
import { createExampleWorld } from './world/world.ts'

let folder: string
beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(tmpdir(), 'life-os-checks-')), 'demo')
  mkdirSync(path.join(folder, 'src', 'plans'), { recursive: true })
})
afterEach(() => rmSync(path.dirname(folder), { recursive: true }))
const write = (name: string, text: string) => {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
  writeFileSync(path.join(folder, name), text)
}

const manifest = {
  id: 'demo',
  name: 'Demo',
  version: '1.0.0',
  sdk: '^1.0.0',
  description: 'A demo.',
  author: 'Ada',
  license: 'MIT',
  category: 'test',
  entry: 'src/index.ts',
  permissions: [],
  tools: ['demo.act'],
  plans: ['show'],
}

const agent = 'id: helper\nname: Helper\ndescription: Helps.\ninstructions: Help.\ntools: [demo.act]\n'
const example = 'examples: [{ title: One, say: Act!, tools: [demo.act] }]\n'

describe('an agent', () => {
  test('is shipped where manifest, README and file agree', () => {
    write('manifest.json', JSON.stringify({ ...manifest, plans: [], agents: ['helper', 'lost'] }))
    write('src/index.ts', '')
    write('src/agents/helper.yaml', agent)
    write('src/agents/hidden.yaml', agent)
    const read = readManifest(folder)
    expect(read.faults).toEqual([expect.stringContaining('hidden.yaml is not named'), expect.stringContaining('lost.yaml is missing')])
    write('README.md', 'demo.act')
    expect(read.manifest && readmeFaults(folder, read.manifest)).toEqual([
      expect.stringContaining('helper'),
      expect.stringContaining('lost'),
    ])
  })

  test.each<[string, string, RegExp[]]>([
    ['good', agent + example, []],
    ['no YAML', 'a: [', [/src\/agents\/helper\.yaml: /]],
    ['a field that none has', `${agent}${example}colour: blue\n`, [/colour/]],
    ['another id', agent.replace('helper', 'other') + example, [/same name/]],
    ['no words for people', agent.replace('Helps.', '""') + example, [/description/]],
    ['a tool that its plugin lacks', agent.replace('[demo.act]', '[demo.act, demo.lack]') + example, [/demo\.lack/]],
    ['no example', agent, [/example/]],
    ['an example with a foreign tool', agent + example.replace('tools: [demo', 'tools: [other.x, life-os.y, demo'), [/other\.x/]],
  ])('is told what is wrong: %s', (_what, text, faults) => {
    write('src/agents/helper.yaml', text)
    expect(agentFaults(folder, Manifest.parse(manifest))).toEqual(faults.map((fault) => expect.stringMatching(fault) as string))
  })
})

describe('a manifest', () => {
  test('is read with its defaults when the folder holds what it names', () => {
    write('manifest.json', JSON.stringify(manifest))
    write('src/index.ts', '')
    write('src/plans/show.yaml', '')
    expect(readManifest(folder)).toMatchObject({ faults: [], manifest: { id: 'demo', entities: [] } })
  })

  test('is refused where it and the folder differ', () => {
    write('manifest.json', JSON.stringify({ ...manifest, id: 'other' }))
    write('src/plans/hidden.yaml', '')
    expect(readManifest(folder).faults).toEqual([
      expect.stringContaining('same name'),
      expect.stringContaining('entry src/index.ts is missing'),
      expect.stringContaining('hidden.yaml is not named'),
      expect.stringContaining('show.yaml is missing'),
    ])
  })

  test.each([
    [null, /missing/],
    ['{', /no JSON/],
    ['{}', /id/],
    [JSON.stringify({ ...manifest, version: 'one' }), /version/],
    [JSON.stringify({ ...manifest, power: 1 }), /power/],
  ])('is refused: %s', (text, expected) => {
    if (text !== null) write('manifest.json', text)
    const read = readManifest(folder)
    expect(read.manifest).toBeNull()
    expect(read.faults.join('\n')).toMatch(expected)
  })
})

describe('imports', () => {
  test('of the SDK, Zod, itself, its dependencies and computing builtins are fine', () => {
    write('package.json', JSON.stringify({ dependencies: { papaparse: '1' } }))
    write(
      'src/index.ts',
      `import { defineTool } from '@life-os/plugin-sdk'\nimport { z } from 'zod'\nimport type { X } from './x.ts'\nimport parse from 'papaparse'\nimport { join } from 'node:path'\n// words from 'a comment' and "from 'text'"\n`,
    )
    write('src/x.test.ts', `import fs from 'node:fs'\n`)
    expect(importFaults(folder)).toEqual([])
  })

  test.each([
    [`import fs from 'node:fs'`, 'node:fs'],
    [`import { readFile } from "fs/promises"`, 'fs/promises'],
    [`import 'node:net'`, 'node:net'],
    [`export * from 'node:child_process'`, 'node:child_process'],
    [`const http = await import('node:http')`, 'node:http'],
    [`const dns = require('dns')`, 'dns'],
    [`import {\n  a,\n  b,\n} from 'left-pad'`, 'left-pad'],
    [`import { openStore } from '@life-os/kernel/store'`, '@life-os/kernel/store'],
    [`import { createChannel } from '@life-os/plugin-sdk/wire'`, '@life-os/plugin-sdk/wire'],
    [`import { x } from '../../files/src/index.ts'`, '../../files/src/index.ts'],
  ])('are refused: %s', (text, name) => {
    write('src/index.ts', text)
    expect(importFaults(folder)).toEqual([expect.stringContaining(`src/index.ts imports "${name}"`)])
  })
})

describe('a README', () => {
  test('speaks of every tool and plan', () => {
    const { manifest: read } = (write('manifest.json', JSON.stringify(manifest)), readManifest(folder))
    expect(readmeFaults(folder, read!)).toEqual([expect.stringContaining('missing')])
    write('README.md', 'demo.act acts.')
    expect(readmeFaults(folder, read!)).toEqual([expect.stringContaining('show')])
  })
})

describe('the quality scale', () => {
  const all = (standing: (rule: string) => string) =>
    LEVELS.flatMap((level) => Object.keys(QUALITY_RULES[level]))
      .map((rule) => `  ${rule}: ${standing(rule)}`)
      .join('\n')

  test('is met when every rule of the level is done or exempt', () => {
    const gold = Object.keys(QUALITY_RULES.gold)
    expect(qualityFaults(`level: silver\nrules:\n${all((rule) => (gold.includes(rule) ? 'todo' : 'done'))}`)).toEqual([])
    expect(
      qualityFaults(`level: gold\nrules:\n${all((rule) => (rule === 'reconciles' ? '{ exempt: It has no external effects. }' : 'done'))}`),
    ).toEqual([])
  })

  test.each([
    [
      'a level that is not earned',
      `level: silver\nrules:\n${all((rule) => (rule === 'real-counterpart' ? '{ todo: Later. }' : 'done'))}`,
      /claims silver.*real-counterpart/,
    ],
    ['a rule left out', `level: none\nrules:\n${all(() => 'done').replace(/.*readme-complete.*\n/, '')}`, /readme-complete/],
    ['a rule that is none', `level: none\nrules:\n${all(() => 'done')}\n  fast: done`, /unknown rule "fast"/],
    ['an exemption without a reason', `level: none\nrules:\n${all(() => '{ exempt: no }')}`, /reason|Invalid input/],
    ['text that is no YAML', 'level: [', /quality\.yaml/],
  ])('refuses %s', (_, text, expected) => expect(qualityFaults(text).join('\n')).toMatch(expected))
})

describe('loading a plugin', () => {
  test.each([
    ['nothing', '', { reached: [], unloaded: true }],
    ['the network', `await fetch('http://127.0.0.1:1').catch(() => {})`, { reached: ['fetch'] }],
    ['a socket', `import net from 'node:net'\ntry { net.connect(1) } catch {}`, { reached: ['net.connect'] }],
    ['a program', `import { spawn } from 'node:child_process'\ntry { spawn('true') } catch {}`, { reached: ['child_process.spawn'] }],
    ['a timer', `setTimeout(() => {}, 1)`, { reached: ['Timeout'] }],
    ['a fault', `throw new Error('broken at load')`, { error: 'broken at load' }],
  ])('that reaches for %s is seen', async (_, code, expected) => {
    write('package.json', '{"type":"module"}')
    write('src/index.mjs', `${code}\nexport default { sdk: 1, tools: [] }`)
    expect(await probeLoading(folder, 'src/index.mjs')).toMatchObject(expected)
  })
})

describe('the world of examples', () => {
  test('is a real folder and a real web server, and goes away', async () => {
    write('fixtures/home/Documents/a.txt', 'content')
    write('fixtures/web/example.org/page.html', '<p>hello</p>')
    let home: string
    {
      await using world = await createExampleWorld(folder)
      home = world.home
      const input = world.enter({ paths: ['/home/ada/Documents/a.txt'], url: 'https://example.org/page.html' })
      expect(input.paths[0]).toBe(`${world.home}/Documents/a.txt`)
      const answer = await fetch(input.url)
      expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/html; charset=utf-8', '<p>hello</p>'])
      expect((await fetch(world.enter('https://example.org/../../../../package.json'))).status).toBe(404)
      expect(world.leave({ [input.paths[0]!]: input.url })).toEqual({ '/home/ada/Documents/a.txt': 'https://example.org/page.html' })
    }
    const { existsSync } = await import('node:fs')
    expect(existsSync(home)).toBe(false)
  })
})
