import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { manifestOf } from '../../host/fixtures.ts'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/index.ts'
import { forEachStore, type StorePlace } from '../../store/testing.ts'
import { ada, builds, openKernel, planOf } from '../testing.ts'

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

const worker = fileURLToPath(new URL('../fixtures/worker.ts', import.meta.url))
const inputs = '\ninputs:\n  folder: { type: path }\nsteps:\n'
const trying = `id: trial\nname: Trial${inputs}  - id: try\n    tool: shell.try\n    input:\n      folder: "\${{ inputs.folder }}"\n      script: |\n        for i in 1 2 3; do head -c 9 /dev/urandom | od -An -tx1 > r$i; done\n        rm b.txt\n        mkdir -p deep/er\n        echo more >> a.txt\n        mv c.txt deep/er/c.txt\n`
const running = `id: trial\nname: Trial${inputs}  - id: run\n    tool: shell.run\n    input: { program: touch, args: ["\${{ inputs.folder }}/made"], write: ["\${{ inputs.folder }}"] }\n`

let folder: string
let sandbox: Sandbox
let built: string[]
beforeAll(async () => {
  sandbox = await createSandbox()
  built = await builds()
}, 60_000)
afterAll(() => sandbox[Symbol.asyncDispose]())
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lifeos-commands-')))
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.txt`), `${name}\n`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Answers the approval in a process of its own, which dies after so many commits; true when it did. */
async function answerAndDie(place: StorePlace, run: string, killAfter: number): Promise<boolean> {
  const order = { home: place.home, url: place.url, folder, boxes: true, killAfter, options: { builds: built } }
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', worker, JSON.stringify(order)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('exit', (_code, signal) => resolve(signal))
  })
  child.stdin.on('error', () => undefined) // it may be dead already: that is the point
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  for (const what of ['approve', 'settled']) {
    if ((await lines.next()).done) break
    child.stdin.write(`${JSON.stringify({ do: what, run })}\n`)
  }
  await lines.next()
  child.stdin.end()
  return (await ended) === 'SIGKILL'
}

forEachStore((name, _open, freshPlace) => {
  it(`a view whose applying is killed anywhere is applied once, as shown, and undone (${name})`, { timeout: 240_000 }, async () => {
    const before = manifestOf(folder)
    let kills = 0
    for (const killAfter of [3, 5, 7]) {
      await using place = await freshPlace()
      const shown = await openKernel(place, { folder, builds: built, sandbox })
      const { run, preview } = await shown.preview(trying, { folder })
      await shown[Symbol.asyncDispose]()
      expect(manifestOf(folder)).toEqual(before)
      if (await answerAndDie(place, run.id, killAfter)) kills += 1
      await using kernel = await openKernel(place, { folder, builds: built, sandbox })
      await kernel.runs.recover()
      const settled = await kernel.runs.settled(run.id)
      const done = settled.approval ? await kernel.approve(settled) : settled
      expect(done, JSON.stringify(done)).toMatchObject({ state: 'done', error: null, approval: null })
      const written = preview.changes.flatMap(({ change }) => (change.kind === 'file-write' ? [[change.path, change.hash]] : []))
      expect(written).toHaveLength(5)
      expect(written.map(([path = '']) => [path, sha256(readFileSync(path))])).toEqual(written)
      expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('a\nmore\n')
      const undo = await kernel.runs.undo(run.id, { conflicts: 'skip' }, ada)
      expect(await kernel.runs.settled(undo.id)).toMatchObject({ state: 'done', approval: null })
      expect(manifestOf(folder)).toEqual(before)
    }
    expect(kills).toBeGreaterThan(1)
  })

  it(`without a sandbox no grant is enough: the very command is asked about each time (${name})`, { timeout: 60_000 }, async () => {
    await using place = await freshPlace()
    await using bare = await createSandbox({ folders: [] })
    await using kernel = await openKernel(place, { folder, builds: built, sandbox: bare })
    const grant = (permission: string) =>
      kernel.deps.gate.grants.add({ subject: { kind: 'any', id: '*' }, permission, verdict: 'allow', expiresAt: null }, 'settings', 'ada')
    for (const permission of ['exec:touch', `fs.write:${folder}`]) await grant(permission)
    for (const _ of [1, 2]) {
      rmSync(join(folder, 'made'), { force: true })
      const started = await kernel.runs.start({ plan: planOf(running), inputs: { folder }, mode: 'autopilot', priority: 0, allow: [] }, ada)
      const asked = await kernel.runs.settled(started.id)
      const question = await kernel.deps.gate.approvals.get(asked.approval ?? '')
      expect(question.preview?.changes).toMatchObject([{ change: { kind: 'command-run', program: 'touch', sandboxed: false } }])
      expect(manifestOf(folder).some((line) => line.startsWith('/made'))).toBe(false)
      expect(await kernel.approve(asked, { final: true })).toMatchObject({ state: 'done' })
      expect(manifestOf(folder).some((line) => line.startsWith('/made'))).toBe(true)
    }
    await using boxed = await openKernelWithBoxes(place)
    expect(await boxed.start(running, { folder }, { mode: 'autopilot' })).toMatchObject({ state: 'done', approval: null })
    async function openKernelWithBoxes(at: StorePlace) {
      await kernel[Symbol.asyncDispose]()
      return openKernel(at, { folder, builds: built, sandbox })
    }
  })
})
