import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { builds, openKernel } from '../../runs/testing.ts'
import type { TestKernel } from '../../runs/testing.ts'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import { forEachStore } from '../../store/testing.ts'
import type { StorePlace } from '../../store/testing.ts'
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

const worker = fileURLToPath(new URL('../../runs/fixtures/worker.ts', import.meta.url))

/** Previews and approves in a process that is killed when the form has reached the site, before its answer. Answers the run's id. */
async function killedWhileSending(place: StorePlace): Promise<string> {
  const options = { builds: built }
  const order = JSON.stringify({ home: place.home, url: place.url, folder: place.home, boxes: true, options })
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', worker, order], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<unknown>((resolve) => void child.once('exit', (_code, signal) => resolve(signal)))
  site.on('/sent', () => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => JSON.parse((await lines.next()).value as string) as { run: { id: string } } // one JSON document a line
  await next()
  child.stdin.write(`${JSON.stringify({ do: 'preview', plan: plan() })}\n`)
  const { id } = (await next()).run
  child.stdin.write(`${JSON.stringify({ do: 'approve', run: id, final: true })}\n`)
  expect(await ended).toBe('SIGKILL')
  expect(site.to('/sent')).toHaveLength(1)
  return id
}

/** Lets a site be opened without asking. */
const allowSite = ({ deps }: TestKernel) =>
  deps.gate.grants.add(
    { subject: { kind: 'any', id: '*' }, permission: `browser:${site.origin}`, verdict: 'allow', expiresAt: null },
    'settings',
    'ada',
  )

forEachStore((name, _open, freshPlace) => {
  it.each(['done', 'not-done'] as const)(
    `a form that was on its way when the server was killed is never sent again by itself; a person says: %s (${name})`,
    { timeout: 120_000 },
    async (said) => {
      site.on('/form', FORM)
      await using place = await freshPlace()
      {
        await using before = await openKernel(place, { builds: built, sandbox })
        await allowSite(before)
      }
      const id = await killedWhileSending(place)
      site.on('/sent', 'thanks')
      await using kernel = await openKernel(place, { builds: built, sandbox })
      expect(await kernel.runs.recover()).toBe(1)
      const waiting = await kernel.runs.settled(id)
      expect(waiting, JSON.stringify(waiting.error)).toMatchObject({ state: 'waiting' })
      expect(await kernel.deps.gate.approvals.get(waiting.approval ?? '')).toMatchObject({ kind: 'uncertain', step: 'send' })
      expect(site.to('/sent')).toHaveLength(1)
      const done = await kernel.approve(waiting, { answer: said, final: true })
      expect(done, JSON.stringify(done.error)).toMatchObject({ state: 'done' })
      const bodies = site.to('/sent').map(({ body }) => body)
      expect(bodies).toEqual(Array(said === 'done' ? 1 : 2).fill('name=Ada&password=&size=s&token=t-1'))
    },
  )

  it(`shows the filled form, and approved sends just that, its hidden token too (${name})`, { timeout: 120_000 }, async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place, { builds: built, sandbox })
    await allowSite(kernel)
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
    await allowSite(shown)
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
