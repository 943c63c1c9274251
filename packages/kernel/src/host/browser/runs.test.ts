import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { builds, openKernel } from '../../runs/testing.ts'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import { forEachStore } from '../../store/testing.ts'
import { FORM, openSite } from './testing.ts'
import type { TestSite } from './testing.ts'

let sandbox: Sandbox
let site: TestSite
let built: string[]
beforeAll(async () => {
  sandbox = await createSandbox()
  built = await builds()
}, 120_000)
afterAll(() => sandbox[Symbol.asyncDispose]())
let served = 0
beforeEach(async () => {
  site = await openSite({ '/sent': 'thanks' })
  served = 0
  site.on(
    '/form',
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html>${FORM.replace('t-1', `t-${++served}`)}`),
  )
  return () => site[Symbol.asyncDispose]()
})

const plan = () => `id: trial
name: Trial
steps:
  - id: send
    tool: browser.submit
    input:
      url: ${site.origin}/form
      fields: [{ target: { label: Your name }, value: Ada }]
      button: { role: button, name: Send the order }
`

forEachStore((name, _open, freshPlace) => {
  it(`shows the filled form, and approved sends just that, its hidden token too (${name})`, { timeout: 120_000 }, async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place, { builds: built, sandbox })
    await kernel.deps.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: `browser:${site.origin}`, verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    const { run, preview } = await kernel.preview(plan())
    expect(preview.changes).toMatchObject([
      { change: { kind: 'page-act', fields: [{ value: 'Ada' }, {}, {}, { name: 'token', value: 't-1' }] } },
    ])
    expect(site.to('/sent')).toEqual([])
    const done = await kernel.approve(run, { final: true })
    expect(done, JSON.stringify(done.error)).toMatchObject({ state: 'done' })
    expect(site.to('/sent').map(({ body }) => body)).toEqual(['name=Ada&password=&size=s&token=t-1'])
    expect(site.to('/form')).toHaveLength(1)
  })

  it(`after a restart the page is another, and what differs is asked again (${name})`, { timeout: 120_000 }, async () => {
    await using place = await freshPlace()
    const shown = await openKernel(place, { builds: built, sandbox })
    await shown.deps.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: `browser:${site.origin}`, verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    const { run } = await shown.preview(plan())
    await shown[Symbol.asyncDispose]()
    await using kernel = await openKernel(place, { builds: built, sandbox })
    await kernel.runs.recover()
    const asked = await kernel.approve(await kernel.runs.settled(run.id), { final: true })
    expect(site.to('/sent')).toEqual([])
    const question = await kernel.deps.gate.approvals.get(asked.approval ?? '')
    expect(question).toMatchObject({ kind: 'drift' })
    const done = await kernel.approve(asked, { final: true })
    expect(done, JSON.stringify(done.error)).toMatchObject({ state: 'done' })
    expect(site.to('/sent')).toHaveLength(1)
  })
})
