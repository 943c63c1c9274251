import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { ada, openKernel, withFolder, builds } from '../testing.ts'
import { freshPlace as placeOn } from '../../store/testing.ts'

interface Received {
  method: string
  body: string
}
let server: Server
let received: Received[] = []
let onPost: (() => void) | null = null
let url = ''

beforeEach(async () => {
  received = []
  onPost = null
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => {
      body += part.toString()
    })
    request.on('end', () => {
      received.push({ method: request.method ?? '', body })
      if (request.method === 'POST' && onPost) return onPost()
      response.writeHead(200).end('ok')
      return undefined
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notes` // listening on TCP
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    }),
)

const send = () =>
  `id: trial\nname: Trial\ninputs:\n  url: { type: text }\nsteps:\n  - id: send\n    tool: trial.send\n    input: { url: "\${{ inputs.url }}", text: hello }\n`

forEachStore((_name, _open, freshPlace) => {
  it('shows an outside effect before it happens, compensates it, and does it again on redo', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const { run, preview } = await kernel.preview(send(), { url })
    expect(preview.changes.map((entry) => entry.change)).toMatchObject([{ kind: 'request-send', method: 'POST', reversal: 'compensate' }])
    expect(received).toEqual([])
    const done = await kernel.approve(run)
    expect(done.error).toBeNull()
    expect(done.state).toBe('done')
    expect(received.map((one) => one.method)).toEqual(['POST'])
    const undo = await kernel.runs.settled((await kernel.runs.undo(run.id, { conflicts: 'skip' }, ada)).id)
    expect(undo.error).toBeNull()
    expect(undo).toMatchObject({ state: 'done' })
    expect(received.map((one) => one.method)).toEqual(['POST', 'DELETE'])
    const redo = await kernel.runs.settled((await kernel.runs.undo(undo.id, { conflicts: 'skip' }, ada)).id)
    expect(redo.error).toBeNull()
    expect(received.map((one) => one.method)).toEqual(['POST', 'DELETE', 'POST'])
  })

  it('never repeats an effect whose outcome is unknown: it asks', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    onPost = () => {
      server.closeAllConnections()
    } // the request arrived, the answer is lost
    const { run } = await kernel.preview(send(), { url })
    const waiting = await kernel.approve(run)
    expect(waiting.state).toBe('waiting')
    expect(await kernel.deps.gate.approvals.get(waiting.approval ?? '')).toMatchObject({ kind: 'uncertain', step: 'send' })
    expect(received).toHaveLength(1)
    onPost = null
    expect(await kernel.approve(waiting, { answer: 'done', output: { status: 200 } })).toMatchObject({ state: 'done' })
    expect(received).toHaveLength(1)
  })

  it('makes it again when a person says it was not done', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    onPost = () => {
      server.closeAllConnections()
    }
    const { run } = await kernel.preview(send(), { url })
    const waiting = await kernel.approve(run)
    onPost = null
    expect(await kernel.approve(waiting, { answer: 'not-done' })).toMatchObject({ state: 'done' })
    expect(received).toHaveLength(2)
  })

  it('reports a conflict instead of overwriting what a person changed since', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan = withFolder(
      '- id: note\n  tool: trial.notes\n  input: { paths: ["${{ inputs.folder }}/a", "${{ inputs.folder }}/b"], text: first }',
    )
    const done = await kernel.approve((await kernel.preview(plan, { folder: kernel.folder })).run)
    expect(done.state).toBe('done')
    writeFileSync(join(kernel.folder, 'a'), 'mine now')
    const { run, preview } = await kernel.runs.undoPreview(done.id, { conflicts: 'skip' }, ada)
    expect(preview.steps.some((step) => step.note && step.state === 'skipped')).toBe(true)
    await kernel.approve(run)
    expect(readFileSync(join(kernel.folder, 'a'), 'utf8')).toBe('mine now')
    expect(existsSync(join(kernel.folder, 'b'))).toBe(false)
  })

  it('keeps removed files in the trash until it is emptied, and says so', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    writeFileSync(join(kernel.folder, 'a.txt'), 'precious')
    writeFileSync(join(kernel.folder, 'b.txt'), 'gone')
    const plan = withFolder(
      '- id: away\n  each: "${{ [\'a.txt\', \'b.txt\'] }}"\n  as: name\n  max: 2\n  steps:\n    - id: remove\n      tool: files.remove\n      input: { path: "${{ inputs.folder }}/${{ name }}" }',
    )
    const done = await kernel.approve((await kernel.preview(plan, { folder: kernel.folder })).run)
    expect(done.error).toBeNull()
    expect(readdirSync(kernel.folder)).toEqual([])
    const trash = await kernel.runs.trash({ limit: 50 })
    expect(trash.items.map((item) => item.path).toSorted()).toEqual([join(kernel.folder, 'a.txt'), join(kernel.folder, 'b.txt')])
    const precious = trash.items.find((item) => item.path.endsWith('a.txt'))
    await kernel.runs.restoreTrash([precious?.effect ?? ''], ada)
    expect(readFileSync(join(kernel.folder, 'a.txt'), 'utf8')).toBe('precious')
    expect(await kernel.runs.emptyTrash(ada)).toMatchObject({ removed: 1 })
    expect((await kernel.runs.trash({ limit: 50 })).items).toEqual([])
    await expect(kernel.runs.undo(done.id, { conflicts: 'skip' }, ada)).rejects.toMatchObject({
      code: expect.stringMatching(/undo-empty|already-undone/) as string,
    })
  })
})

describe('two processes on one PostgreSQL', () => {
  it('a frozen owner cannot write once its lease is over and another has taken the run', { timeout: 60_000 }, async () => {
    const built = await builds()
    await using place = await placeOn('postgres')
    const folder = mkdtempSync(join(tmpdir(), 'lifeos-fence-'))
    const worker = fileURLToPath(new URL('../fixtures/worker.ts', import.meta.url))
    const start = (instance: string) => {
      const order = { home: place.home, url: place.url, folder, options: { instance, lease: 1500, builds: built } }
      const child = spawn(process.execPath, [worker, JSON.stringify(order)], { stdio: ['pipe', 'pipe', 'inherit'] })
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const next = async () =>
        JSON.parse((await lines.next()).value as string) as { run?: { id: string; state: string }; recovered?: number } // one JSON document a line
      return {
        child,
        next,
        ask: async (what: object) => {
          child.stdin.write(`${JSON.stringify(what)}\n`)
          return next()
        },
      }
    }
    const many = withFolder(
      '- id: many\n  each: "${{ inputs.names }}"\n  as: name\n  max: 100000\n  concurrency: 1\n  steps:\n    - id: note\n      tool: trial.note\n      input: { path: "${{ inputs.folder }}/${{ name }}", text: x }',
    ).replace('  folder: { type: path }', '  folder: { type: path }\n  names: { type: list, of: { type: text } }')
    const names = Array.from({ length: 400 }, (_, index) => `n${index}`)
    const first = start('first')
    const second = start('second')
    try {
      await first.next()
      await second.next()
      const started = await first.ask({ do: 'autopilot', plan: many, inputs: { folder, names } })
      const id = started.run?.id ?? ''
      while (readdirSync(folder).length < 20) await new Promise((resolve) => setImmediate(resolve))
      first.child.kill('SIGSTOP')
      let taken = await second.ask({ do: 'recover' })
      const settled = async () => (await second.ask({ do: 'settled', run: id })).run
      let run = await settled()
      while (run?.state === 'running') {
        // until the lease is over it stays with its owner
        taken = await second.ask({ do: 'recover' })
        run = await settled()
      }
      expect(taken.recovered).toBeGreaterThanOrEqual(0)
      expect(run).toMatchObject({ state: 'done' })
      const after = readdirSync(folder).toSorted()
      expect(after).toEqual(names.toSorted())
      first.child.kill('SIGCONT')
      const thawed = (await first.ask({ do: 'settled', run: id })).run
      expect(thawed).toMatchObject({ state: 'done' })
      expect(readdirSync(folder).toSorted()).toEqual(after) // it changed nothing after it woke
    } finally {
      for (const one of [first, second]) one.child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('an address that a person gives', () => {
  it('opens the secure form of the same site for this run, and no other site', async () => {
    await using place = await placeOn('sqlite')
    await using kernel = await openKernel(place)
    const plan = 'id: trial\nname: Trial\ninputs:\n  url: { type: text }\nsteps:\n  - id: ok\n    approve: Go on?\n'
    const run = await kernel.start(plan, { url: 'http://example.org/page' }, { mode: 'autopilot' })
    const tool = kernel.deps.plugins.tool('web.fetch')
    if (!tool) throw new Error('the web plugin is bundled')
    const judge = (url: string) =>
      kernel.deps.gate.judge({
        actor: ada,
        run: run.id,
        plan: 'trial',
        mode: 'autopilot',
        tool,
        input: { url },
        labels: [],
        approved: false,
      })
    const given = await judge('http://example.org/page')
    expect(given.decision.verdict).toBe('allow')
    expect(given.allowed.map((need) => need.resource)).toEqual([
      'example.org:80',
      'example.org:443',
      'www.example.org:443',
      'www.example.org:80',
    ])
    expect((await judge('https://example.com/')).decision.verdict).toBe('ask')
    await kernel.deps.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: 'net:www.example.org:443', verdict: 'deny', expiresAt: null },
      'settings',
      'ada',
    )
    expect((await judge('http://example.org/page')).allowed.map((need) => need.resource)).not.toContain('www.example.org:443')
  })
})
