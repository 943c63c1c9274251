import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IntentEntry, Proposal, ToolMatch } from '@life-os/contract'
import { openServer } from '../testing/open.ts'
import type { Caller, TestServer } from '../testing/open.ts'

let server: TestServer
let reader: Caller
let folder: string
beforeAll(async () => {
  server = await openServer()
  reader = await server.token(['read'])
  folder = mkdtempSync(join(tmpdir(), 'lifeos-planner-'))
  mkdirSync(join(folder, 'Inbox'))
  writeFileSync(join(folder, 'Inbox/a.txt'), 'a')
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T>(method: string, path: string, body?: unknown, caller = server.owner): Promise<[number, T]> {
  const response = await server.ask(`/api/v1${path}`, { method, ...(body !== undefined && { body: JSON.stringify(body) }) }, caller)
  return [response.status, (await response.json()) as T] // the contract's answer, or a problem
}
const propose = (goal: string, by = 'auto') => ask<Proposal>('POST', '/planner/propose', { goal, by })

describe('the planner', () => {
  test('makes a shipped plan of what its sayings say', async () => {
    expect(await propose(`please tidy ${folder}/Inbox by date`)).toMatchObject([
      200,
      {
        source: 'intent',
        planId: 'tidy-folder',
        inputs: { folder: join(folder, 'Inbox'), by: 'date' },
        missing: [],
        faults: [],
        steps: [{ path: 'scan', tool: 'files.list' }, { path: 'kinds' }, { path: 'sort' }, { path: 'sort.move', tool: 'files.move' }],
        estimate: { tokens: 0, micros: 0 },
        mermaid: expect.stringContaining('flowchart') as string,
      },
    ])
  })

  test('makes a plan of one step where one tool is all that is asked for', async () => {
    const [, proposal] = await propose(`list the files in ${folder}/Inbox`)
    expect(proposal).toMatchObject({ source: 'tool', planId: null, inputs: { path: join(folder, 'Inbox') }, faults: [] })
    expect(proposal.plan?.steps).toMatchObject([{ tool: 'files.list', input: { path: '${{ inputs.path }}' } }])
    const [, moved] = await propose(`move ${folder}/Inbox/a.txt to ${folder}`)
    expect(moved).toMatchObject({ source: 'tool', inputs: { from: join(folder, 'Inbox/a.txt'), to: join(folder, 'a.txt') } })
  })

  test('says what is missing, and what it did not understand', async () => {
    expect((await propose('find duplicates', 'rules'))[1]).toMatchObject({
      planId: 'find-duplicates',
      missing: [{ name: 'folder' }],
      notices: [],
    })
    const [, none] = await propose(`put the invoices from ${folder}/Inbox into a folder by year and tell me the total`)
    expect(none).toMatchObject({ source: 'none', plan: null, notices: [{ code: 'model-none' }, { code: 'not-understood' }] })
    expect(none.alternatives.length).toBeGreaterThan(0)
  })

  test('says that a folder is not there, and which one may be meant, before anything is previewed', async () => {
    const [, proposal] = await propose(`tidy ${folder}/Inbx by date`)
    expect(proposal).toMatchObject({
      planId: 'tidy-folder',
      inputs: { by: 'date' },
      missing: [
        { name: 'folder', question: `There is no folder ${folder}/Inbx. Did you mean ${folder}/Inbox?`, near: join(folder, 'Inbox') },
      ],
      notices: [],
    })
    const tools = await Promise.all(['list', 'remove', 'measure disk usage of'].map((verb) => propose(`${verb} ${folder}/Inbx`)))
    expect(tools.map(([, { missing }]) => missing[0]?.near)).toEqual(Array.from({ length: 3 }, () => join(folder, 'Inbox')))
    const [, made] = await propose(`save https://example.org/a in ${folder}/New`)
    expect(made).toMatchObject({ missing: [], inputs: { folder: join(folder, 'New') }, notices: [{ code: 'place-not-there' }] })
  })

  test('finds tools by words and lists what can be said', async () => {
    const [, found] = await ask<ToolMatch[]>('GET', '/planner/tools?q=get%20rid%20of%20a%20file&limit=3', undefined, reader)
    expect(found[0]).toMatchObject({ tool: 'files.remove', by: 'words' })
    const [, intents] = await ask<IntentEntry[]>('GET', '/planner/intents', undefined, reader)
    expect(intents).toContainEqual(expect.objectContaining({ plan: 'tidy-folder', say: 'tidy {folder}' }))
  })

  test('proposes for who may run plans', async () => {
    expect(await ask('POST', '/planner/propose', { goal: 'tidy' }, reader)).toMatchObject([403, { code: 'scope-missing' }])
    expect(await ask('POST', '/planner/replan', { run: '019aa000-0000-7000-8000-000000000000' })).toMatchObject([
      404,
      { code: 'run-unknown' },
    ])
  })
})
