// Faults, crashes and the secret, over real HTTP; the ordinary exchanges are played by the contract suite.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createToolLab, serve } from '../../../../tools/lab/index.ts'
import type { TestServer, ToolLab } from '../../../../tools/lab/index.ts'
import plugin from './index.ts'

const TOKEN = 'a-token-that-nobody-sees'
const ISSUES = '/projects/garden/issues'
const issue = { number: 8, title: 'Plant tulips', state: 'open' }
let tracker: TestServer
let lab: ToolLab
beforeEach(async () => {
  tracker = await serve()
  lab = await createToolLab(plugin, 'issue-tracker', { settings: { server: `${tracker.url}/`, token: 'issue-token' } })
  await lab.secrets.set({ name: 'issue-token', kind: 'token', title: '', value: TOKEN, hosts: [new URL(tracker.url).host] }, 'test')
})
afterEach(async () => {
  await lab[Symbol.asyncDispose]()
  await tracker[Symbol.asyncDispose]()
})
const json = (value: unknown, status = 200) => ({ status, body: JSON.stringify(value) })

test('a list goes on over its pages and says when there is more', async () => {
  for (let page = 1; page <= 6; page++)
    tracker.on(`${ISSUES}?state=all&page=${page}`, json({ issues: [{ ...issue, number: page, color: 'new' }], next: page + 1 }))
  const { issues, more } = await lab.run<{ issues: { number: number }[]; more: boolean }>('issue-tracker.list', {
    project: 'garden',
    state: 'all',
  })
  expect([issues.map(({ number }) => number), more]).toEqual([[1, 2, 3, 4, 5], true])
})

describe('a fault of the tracker', () => {
  test.each([
    [{ status: 401, body: '{"message":"expired"}' }, 'tracker-refused', /expired.*Make a new one/],
    [{ status: 404, body: '{"message":"no garden"}' }, 'project-unknown', /no garden/],
    [{ status: 503, body: 'busy' }, 'tracker-unwell', /Try again later/],
    [{ status: 200, body: 'not json' }, 'tracker-strange', /200/],
    [{ status: 200, body: '{"issues":[{"number":"eight"}],"next":null}' }, 'tracker-strange', /does not know/],
  ])('%j is told as %s', async (answer, code, message) => {
    tracker.on(`${ISSUES}?state=open&page=1`, answer)
    await expect(lab.run('issue-tracker.list', { project: 'garden' })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})

test('without settings it says what to set', async () => {
  await using bare = await createToolLab(plugin, 'issue-tracker')
  await expect(bare.run('issue-tracker.list', { project: 'garden' })).rejects.toMatchObject({ code: 'settings-missing' })
})

describe('a call that was cut off', () => {
  const key = 'the-key-of-the-call'
  const input = { project: 'garden', title: 'Plant tulips' }

  test.each([
    ['was made', [issue], { applied: 'yes', output: { number: 8, url: expect.stringContaining(`${ISSUES}/8`) } }],
    ['was not made', [], { applied: 'no' }],
  ])('is settled by a look: the issue %s', async (_, issues, expected) => {
    tracker.on(`${ISSUES}?reference=${key}`, json({ issues, next: null }))
    expect(await lab.reconcile('issue-tracker.create', input, key)).toMatchObject(expected)
    expect(tracker.asked).toEqual([`GET ${ISSUES}?reference=${key}`])
  })
})

test('the token reaches the tracker and nobody else: no effect, preview, output or error holds it', async () => {
  const seen: unknown[] = []
  tracker.on(ISSUES, (request) => {
    seen.push(request.headers.authorization)
    return json({ ...issue, title: `you sent ${request.headers.authorization}` }, 201)
  })
  const input = { project: 'garden', title: 'Plant tulips' }
  const preview = await lab.preview('issue-tracker.create', input)
  expect(preview.changes).toMatchObject([{ kind: 'request-send', method: 'POST', url: `${tracker.url}${ISSUES}`, reversal: 'compensate' }])
  const output = await lab.run('issue-tracker.create', input)
  expect(seen).toEqual([`Bearer ${TOKEN}`])
  expect(JSON.stringify([preview, output, lab.effects])).not.toContain(TOKEN)
})
