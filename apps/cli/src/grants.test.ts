import { writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AuditRecord, DomainLevel, Grant, Page, Run } from '@life-os/contract'
import { document, machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

let here: Machine
beforeAll(async () => {
  here = await machine()
})
afterAll(() => here[Symbol.dispose]())

test('grants are added, found, shown in plain words and revoked', async () => {
  const permission = 'net:example.org:443'
  const added = document<Grant>(await here.lifeos('grants', 'add', permission, '--for', 'plan:weather', '--days', '30', '--json'))
  expect(added).toMatchObject({ permission, verdict: 'allow', subject: { kind: 'plan', id: 'weather' } })
  const listed = await here.lifeos('grants', 'list', 'weather')
  expect(listed.out).toMatch(/allow {2}plan weather {2}Talk to example\.org {2}net:example\.org:443 · settings · never used · until /)
  expect((await here.lifeos('grants', '--verdict', 'deny')).err).toContain('Nothing is remembered')
  expect((await here.lifeos('grants', 'revoke', added.id)).code).toBe(0)
  expect(document<Page<Grant>>(await here.lifeos('grants', 'list', '--json')).items).toEqual([])
  expect((await here.lifeos('grants', 'add', 'fs.write:Downloads')).err).toContain('A permission is a kind and a pattern')
  expect((await here.lifeos('grants', 'add', permission, '--for', 'nobody')).code).toBe(2)
})

test('levels are set and read back', async () => {
  expect((await here.lifeos('grants', 'levels')).out).toMatch(/^files +not set/m)
  expect((await here.lifeos('grants', 'level', 'files', 'safe')).out).toMatch(/^files +safe +everyone/)
  const levels = document<DomainLevel[]>(await here.lifeos('grants', 'levels', '--json'))
  expect(levels.find(({ domain }) => domain === 'files')).toMatchObject({ level: 'safe', subject: { kind: 'any' } })
  expect((await here.lifeos('grants', 'level', 'files', 'wild')).code).toBe(2)
  for (const grant of levels.flatMap(({ grants }) => grants)) await here.lifeos('grants', 'revoke', grant)
})

test('a question shows plain words and what it may remember; a refusal for good names itself next time', async () => {
  const folder = join(here.work, 'papers')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'a.txt')
  writeFileSync(file, 'hello')
  const plan = join(folder, '..', 'look.yaml')
  writeFileSync(plan, `id: look\nname: Look\nsteps:\n  - id: look\n    tool: files.read\n    input: { path: "${file}" }\n`)
  const asked = await here.lifeos('run', plan, '--mode', 'autopilot')
  const id = asked.out.split('\n')[0] ?? ''
  expect(asked.code).toBe(4)
  expect(asked.err).toMatch(/Read \S*a\.txt {2}fs\.read:[\s\S]*“Always here” can remember[\s\S]*Read files in \S+papers and below/)
  expect((await here.lifeos('approve', id, '--remember', 'always', '--permission', 'fs.read:**')).err).toContain('was not offered here')
  expect((await here.lifeos('refuse', id, '--remember', 'always')).code).toBe(0)
  const next = await here.lifeos('run', plan, '--mode', 'autopilot')
  expect([next.code, next.err]).toEqual([3, expect.stringContaining('A grant forbids')])
  const denied = document<Page<AuditRecord>>(await here.lifeos('audit', 'list', '--verdict', 'deny', '--tool', 'files.read', '--json'))
  expect(denied.items[0]).toMatchObject({ rule: 'grant-deny', kind: 'decision' })
  expect((await here.lifeos('audit', '--from', '2999-01-01')).err).toContain('Nothing in the audit record matches')
  expect((await here.lifeos('audit', 'list', 'run-created', '--limit', '1')).out).toContain('run-created')
  expect((await here.lifeos('audit', 'list', '--from', 'soon')).code).toBe(2)
  expect(document<Run>(await here.lifeos('runs', 'show', id, '--json')).error).toMatchObject({ code: 'approval-refused' })
})
