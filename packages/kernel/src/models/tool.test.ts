import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Run, StartRun } from '@life-os/contract'
import { ada, fixtureBuild, planOf } from '../runs/testing.ts'
import { forEachStore } from '../store/testing.ts'
import { openPlans, type TestPlans } from './fixtures/plans.ts'
import { ollamaServer } from './testing/index.ts'
import { withCloud } from './testing/over-store.ts'

const ask = (id: string, text: string, more = '') =>
  `  - id: ${id}\n    tool: life-os.generate\n    input: { messages: [{ role: user, content: [{ type: text, text: "${text}" }] }], maxTokens: 50 ${more} }\n`
const plan = (steps: string, head = '') => `id: ask\nname: Ask\n${head}steps:\n${steps}`
const requestOf = (source: string, more: Partial<StartRun> = {}): StartRun => ({
  plan: planOf(source),
  inputs: {},
  mode: 'draft',
  priority: 0,
  allow: [],
  ...more,
})
const started = async ({ runs }: TestPlans, source: string, more: Partial<StartRun> = {}): Promise<Run> =>
  runs.settled((await runs.start(requestOf(source, more), ada)).id)
const approved = async ({ runs, kernel }: TestPlans, run: Run): Promise<Run> => {
  const { hash } = await kernel.deps.gate.approvals.get(run.approval ?? '')
  await runs.answer(run.approval ?? '', { answer: 'approve', hash, except: [], exceptGlobs: [], final: false, remember: 'no' }, ada)
  return runs.settled(run.id)
}
const previewer = fileURLToPath(new URL('./fixtures/previewer.ts', import.meta.url))

forEachStore((_name, _open, freshPlace) => {
  describe('life-os.generate in a plan', () => {
    it('is asked by a person without a question, streams, and is paid by its run', async () => {
      await using place = await freshPlace()
      await using server = await ollamaServer({ models: ['small'], answer: { text: 'Two words', usage: { input: 40, output: 7 } } })
      await using plans = await openPlans(place, server.url)
      const heard: string[] = []
      using _listening = plans.runs.onProgress(({ type, step, data }) => {
        const { text } = data as { text?: string } // of this type
        if (type === 'text-delta' && step === 'say' && text !== undefined) heard.push(text)
      })
      const run = await started(plans, plan(ask('say', 'Hello'), 'outputs: { said: "${{ steps.say.text }}" }\n'))
      expect(run).toMatchObject({ state: 'done', error: null, cost: { tokens: 47 } })
      expect(await plans.runs.outputs(run.id)).toEqual({ said: 'Two words' })
      expect(heard.join('')).toBe('Two words')
      const { items } = await plans.fixture.models.usage({ limit: 10 })
      expect(items).toMatchObject([{ person: 'ada', tool: 'life-os.generate', run: run.id, step: 'say', outcome: 'done' }])
    })

    it('is shown what follows from its answer before it happens, and the run adopts that answer', async () => {
      await using place = await freshPlace()
      await using server = await ollamaServer({ models: ['small'], answer: (_request, index) => `answer ${index}` })
      await using plans = await openPlans(place, server.url)
      const path = join(plans.kernel.folder, 'said')
      const note = `  - id: note\n    tool: trial.note\n    input: { path: "${path}", text: "\${{ steps.say.text }}" }\n`
      const { run, preview } = await plans.runs.preview(requestOf(plan(ask('say', 'Hello') + note)), ada)
      expect(preview.changes).toMatchObject([{ step: 'note', change: { kind: 'file-write' } }])
      expect(preview.summary.steps.unknown).toBe(0)
      expect(existsSync(path)).toBe(false)
      expect((await plans.runs.get(run.id)).cost).toMatchObject({ tokens: expect.any(Number) as number })
      const done = await approved(plans, run)
      expect(done).toMatchObject({ state: 'done', error: null })
      expect(readFileSync(path, 'utf8')).toBe('answer 0')
      expect(server.asked).toHaveLength(1)
      const { items } = await plans.fixture.models.usage({ limit: 10 })
      expect(items).toHaveLength(1)
      const [first] = items
      expect(done.cost.tokens).toBe((first?.usage.input ?? 0) + (first?.usage.output ?? 0))
    })

    it('reads a picture with a model that sees, and says so where none does', async () => {
      await using place = await freshPlace()
      await using server = await ollamaServer({ models: [{ name: 'blind', capabilities: ['completion'] }], answer: 'A cat.' })
      await using plans = await openPlans(place, server.url)
      const { hash } = await plans.kernel.deps.store.blobs.put(new Uint8Array([1, 2, 3]))
      const look = plan(
        `  - id: look\n    tool: life-os.generate\n    input: { messages: [{ role: user, content: [{ type: text, text: What? }, { type: file, blob: "${hash}", mime: image/png }] }] }\n`,
      )
      expect(await started(plans, look)).toMatchObject({ state: 'failed', error: { code: 'model-none' }, errorPath: 'look' })
      expect(server.asked).toHaveLength(0)
      await using seeing = await ollamaServer({ models: [{ name: 'eye', capabilities: ['completion', 'vision'] }], answer: 'A cat.' })
      await plans.fixture.add({ id: 'eyes', kind: 'ollama', url: seeing.url })
      expect(await started(plans, look)).toMatchObject({ state: 'done' })
      expect(seeing.asked[0]?.messages[0]?.pictures).toEqual([Buffer.from([1, 2, 3]).toString('base64')])
    })

    it('keeps private data on this machine, whatever is preferred or named', async () => {
      await using place = await freshPlace()
      await using server = await ollamaServer({ models: [{ name: 'small', capabilities: ['completion', 'vision'] }], answer: 'Here.' })
      await using plans = await openPlans(place, server.url)
      await using cloud = await withCloud(plans.fixture, { answer: 'Away.' })
      await plans.fixture.models.setSettings({ prefer: 'cloud' }, 'ada')
      const file = join(plans.kernel.folder, 'diary')
      writeFileSync(file, 'dear diary')
      await plans.kernel.labels.setFolder(plans.kernel.folder, ['private'], 'ada')
      const read = `  - id: read\n    tool: obey.read\n    input: { path: "\${{ inputs.file }}" }\n`
      const head = 'inputs:\n  file: { type: path }\n'
      const own = { inputs: { file } }
      const say = ask('say', '${{ steps.read.text }}')
      const run = await started(plans, plan(read + say, `${head}outputs: { said: "\${{ steps.say.text }}" }\n`), own)
      expect(run).toMatchObject({ state: 'done', labels: ['private'] })
      expect(await plans.runs.outputs(run.id)).toEqual({ said: 'Here.' })
      const named = ask('say', '${{ steps.read.text }}', ', model: cloud/gpt-x')
      expect(await started(plans, plan(read + named, head), own)).toMatchObject({ state: 'failed', error: { code: 'model-private' } })
      expect(cloud.asked).toHaveLength(0)
    })

    it('stops at the budget of its plan, and what was answered is neither lost nor paid again', async () => {
      await using place = await freshPlace()
      await using server = await ollamaServer({ models: ['small'], answer: { text: 'Yes', usage: { input: 50, output: 30 } } })
      await using plans = await openPlans(place, server.url)
      const two = plan(ask('first', 'Hello') + `${ask('second', '${{ steps.first.text }}')}`, 'budget: { tokens: 120 }\n')
      for (const mode of ['draft', 'autopilot'] as const) {
        const before = server.asked.length
        const run = await started(plans, two, { mode })
        expect(run, mode).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded' }, cost: { tokens: 80 } })
        expect(server.asked.length - before, mode).toBe(1)
        const again = await plans.runs.settled((await plans.runs.resume(run.id, ada)).id)
        expect(again, mode).toMatchObject({ state: 'stopped', cost: { tokens: 80 } })
        expect(server.asked.length - before, mode).toBe(1)
      }
    })

    it('that a kill cut off in a preview is asked once more, with a word about it, and counts twice', { timeout: 60_000 }, async () => {
      await using place = await freshPlace()
      const never = new Promise<void>(() => undefined)
      await using server = await ollamaServer({
        models: ['small'],
        answer: (_request, index) => (index === 0 ? { before: never } : 'Now.'),
      })
      const source = plan(ask('say', 'Hello'))
      const build = await fixtureBuild()
      const child = spawn(process.execPath, [previewer, place.home, place.url ?? '', server.url, build, source], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      await server.arrived(0)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await using plans = await openPlans(place, server.url)
      await plans.runs.recover()
      const [row] = (await plans.runs.list({ limit: 1 })).items
      const run = await plans.runs.settled(row?.id ?? '')
      expect(run).toMatchObject({ state: 'waiting' })
      expect(server.asked).toHaveLength(2)
      const events = (await plans.runs.journal(run.id, 0, 1000)).items.map(({ event }) => event)
      expect(events.filter((event) => event.type === 'warning-noted').map(({ code }) => code)).toEqual(['possibly-paid-twice'])
      const reserved = events.find((event) => event.type === 'budget-reserved')
      expect(run.cost.tokens).toBeGreaterThan(reserved?.cost.tokens ?? Infinity)
      expect(await approved(plans, run)).toMatchObject({ state: 'done' })
      expect(server.asked).toHaveLength(2)
    })
  })
})
