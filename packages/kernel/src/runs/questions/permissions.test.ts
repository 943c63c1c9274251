import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Grant, Plan, Run } from '@life-os/contract'
import { createSandbox } from '../../sandbox/index.ts'
import { forEachStore, freshPlace as placeOn } from '../../store/testing.ts'
import { ada, builds, openKernel, planOf, type TestKernel } from '../testing.ts'

const outside = () => mkdtempSync(join(tmpdir(), 'lifeos-outside-'))
/** Reads the same file in two steps; neither path is an input, so nobody has allowed it. */
const twoReads = (path: string) =>
  `id: twice\nname: Twice\nsteps:\n  - id: first\n    tool: files.read\n    input: { path: "${path}" }\n  - id: second\n    after: [first]\n    tool: files.read\n    input: { path: "${path}" }\n`
const peek = (path: string) =>
  `id: peek\nname: Peek\nsteps:\n  - id: look\n    tool: trial.peek\n    input: { path: "${path}" }\noutputs: { text: "\${{ steps.look.text }}" }\n`
const askOf = (kernel: TestKernel, run: Run) => kernel.deps.gate.approvals.get(run.approval ?? '')
const grantsOf = async (kernel: TestKernel): Promise<readonly Grant[]> => kernel.deps.gate.grants.current()

forEachStore((_name, _open, freshPlace) => {
  it('a yes holds once: not for the next step, not for the next run', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const first = await kernel.start(twoReads(file), {}, { mode: 'autopilot' })
    expect(await askOf(kernel, first)).toMatchObject({
      kind: 'permission',
      step: 'first',
      role: 'member',
      needs: [{ kind: 'fs.read', resource: file }],
    })
    const second = await kernel.approve(first)
    expect(await askOf(kernel, second)).toMatchObject({ kind: 'permission', step: 'second' })
    expect((await kernel.approve(second)).state).toBe('done')
    expect(await grantsOf(kernel)).toEqual([])
    expect((await kernel.start(twoReads(file), {}, { mode: 'autopilot' })).state).toBe('waiting')
  })

  it('a yes to a preview allows for this run what the preview said it needs, and no more', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const waiting = await kernel.start(twoReads(file), {})
    const { kind, preview } = await askOf(kernel, waiting)
    expect([kind, preview?.summary.needs.map((need) => need.permission)]).toEqual(['preview', [`fs.read:${file}`]])
    expect((await kernel.approve(waiting)).state).toBe('done')
    expect((await kernel.start(twoReads(file), {})).state).toBe('waiting') // the next run asks again
    const other = await kernel.start(twoReads(file).replace(file, join(kernel.folder, 'b.txt')), {})
    expect((await askOf(kernel, other)).preview?.summary.needs).toHaveLength(2)
  })

  it('a yes for this run holds for the run alone, also against a grant that says to ask', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    await kernel.deps.gate.grants.setLevel('files', { kind: 'any', id: '*' }, 'none', 'ada')
    await kernel.deps.gate.grants.setLevel('files', { kind: 'any', id: '*' }, 'suggest', 'ada')
    await kernel.deps.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: 'fs.read:**', verdict: 'ask', expiresAt: null },
      'settings',
      'ada',
    )
    const asked = await kernel.start(twoReads(file), {}, { mode: 'autopilot' })
    expect(await askOf(kernel, asked)).toMatchObject({ offers: [] }) // nothing narrower would change that it asks each time
    expect((await kernel.approve(asked, { remember: 'run' })).state).toBe('done')
    expect((await kernel.start(twoReads(file), {}, { mode: 'autopilot' })).state).toBe('waiting')
  })

  it('always here is for this plan, no wider than what was offered, and nothing else may be remembered', async () => {
    await using place = await freshPlace()
    const folder = outside()
    mkdirSync(join(folder, 'sub'))
    const file = join(folder, 'sub', 'a.txt')
    writeFileSync(file, 'hello')
    const plan: Plan = planOf(twoReads(file))
    await using kernel = await openKernel(place, { plans: { twice: plan } })
    const start = async (what: Plan | string) =>
      kernel.runs.settled((await kernel.runs.start({ plan: what, inputs: {}, mode: 'autopilot', priority: 0, allow: [] }, ada)).id)
    const asked = await start('twice')
    const { offers } = await askOf(kernel, asked)
    expect(offers).toEqual([
      { permission: `fs.read:${file}`, title: `Read ${file}` },
      { permission: `fs.read:${join(folder, 'sub')}/**`, title: `Read files in ${join(folder, 'sub')} and below` },
    ])
    for (const permissions of [['fs.read:**'], [`fs.write:${file}`], []])
      await expect(kernel.approve(asked, { remember: 'always', permissions })).rejects.toMatchObject({ code: 'offer-invalid' })
    expect((await kernel.approve(asked, { remember: 'always' })).state).toBe('done') // the second step is the same place
    expect(await grantsOf(kernel)).toMatchObject([
      { subject: { kind: 'plan', id: 'twice' }, permission: `fs.read:${file}`, verdict: 'allow', origin: 'approval' },
    ])
    expect((await start('twice')).state).toBe('done')
    expect((await start(plan)).state).toBe('waiting') // a text that only calls itself by that name is not the stored plan
    rmSync(folder, { recursive: true })
  })

  it('a plan that is not stored is remembered by its text', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    expect((await kernel.approve(await kernel.start(twoReads(file), {}, { mode: 'autopilot' }), { remember: 'always' })).state).toBe('done')
    expect((await kernel.start(twoReads(file), {}, { mode: 'autopilot' })).state).toBe('done')
    const changed = twoReads(file).replace('name: Twice', 'name: Thrice')
    expect((await kernel.start(changed, {}, { mode: 'autopilot' })).state).toBe('waiting')
  })

  it('deny always beats every allowance, and the next run names it', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const refused = await kernel.approve(await kernel.start(twoReads(file), {}, { mode: 'autopilot' }), {
      answer: 'refuse',
      remember: 'always',
    })
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'approval-refused' } })
    await kernel.deps.gate.grants.add(
      { subject: { kind: 'any', id: '*' }, permission: 'fs.read:**', verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    const next = await kernel.start(twoReads(file), {}, { mode: 'autopilot' })
    const [denies] = (await grantsOf(kernel)).filter((grant) => grant.verdict === 'deny')
    expect(next).toMatchObject({
      state: 'failed',
      error: {
        code: 'gate-refused',
        message: expect.stringContaining(`“fs.read:${file}”`),
        details: { rule: 'grant-deny', grants: [denies?.id] },
      },
    })
    const { items } = await kernel.deps.gate.audit.list({ limit: 1, run: next.id, verdict: 'deny' })
    expect(items[0]).toMatchObject({ rule: 'grant-deny', data: { grants: [denies?.id] } })
  })

  it('a preview can be remembered for the folders it was given, and refused for good', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const plan =
      'id: trial\nname: Trial\ninputs:\n  folder: { type: path }\nsteps:\n  - id: note\n    tool: trial.note\n    input: { path: "${{ inputs.folder }}/a", text: x }\n'
    const sub = join(kernel.folder, 'sub')
    mkdirSync(sub)
    const { run } = await kernel.preview(plan, { folder: sub }, { mode: 'autopilot' })
    expect((await askOf(kernel, run)).offers.map(({ permission }) => permission)).toEqual([`fs.write:${sub}/**`])
    expect((await kernel.approve(run, { remember: 'always' })).state).toBe('done')
    expect(await kernel.start(plan, { folder: sub }, { mode: 'autopilot' })).toMatchObject({ state: 'done', approval: null })
    const other = (await kernel.preview(plan, { folder: sub })).run
    await kernel.approve(other, { answer: 'refuse', remember: 'always' })
    expect(await kernel.start(plan, { folder: sub }, { mode: 'autopilot' })).toMatchObject({
      state: 'failed',
      error: { code: 'gate-refused' },
    })
  })
})

forEachStore((_name, _open, freshPlace) => {
  it('a tool that asks for more is asked about, and made again with it', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'a.txt')
    writeFileSync(file, 'hello')
    const { run, preview } = await kernel.preview(peek(file))
    expect(preview.summary.needs).toEqual([{ permission: `fs.read:${file}`, plugin: 'trial', step: 'look' }])
    expect(preview.steps).toMatchObject([{ path: 'look', state: 'asks' }])
    expect(await kernel.approve(run)).toMatchObject({ state: 'done' })
    const asked = await kernel.start(peek(file), {}, { mode: 'autopilot' })
    expect(await askOf(kernel, asked)).toMatchObject({ kind: 'permission', step: 'look', needs: [{ kind: 'fs.read', resource: file }] })
    expect(await kernel.approve(asked)).toMatchObject({ state: 'done' })
    expect(await kernel.runs.outputs(asked.id)).toEqual({ text: 'hello' })
    expect(await grantsOf(kernel)).toEqual([])
    const refused = await kernel.start(peek(file), {}, { mode: 'autopilot' })
    expect(await kernel.approve(refused, { answer: 'refuse' })).toMatchObject({ state: 'failed', error: { code: 'approval-refused' } })
  })

  it('what a run was given as input serves declared needs alone', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    writeFileSync(join(kernel.folder, 'a.txt'), 'hello')
    const plan = peek('${{ inputs.folder }}/a.txt').replace('steps:', 'inputs:\n  folder: { type: path }\nsteps:')
    const run = await kernel.start(plan, { folder: kernel.folder }, { mode: 'autopilot', allow: [`fs.read:${kernel.folder}/**`] })
    expect(run.state).toBe('waiting')
    await kernel.deps.gate.grants.add(
      { subject: { kind: 'plugin', id: 'trial' }, permission: `fs.read:${kernel.folder}/**`, verdict: 'allow', expiresAt: null },
      'settings',
      'ada',
    )
    expect((await kernel.start(plan, { folder: kernel.folder }, { mode: 'autopilot' })).state).toBe('done')
  })

  it('a link is asked about by where it leads, and Life-OS itself is not to be had', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const elsewhere = outside()
    writeFileSync(join(elsewhere, 'real.txt'), 'x')
    symlinkSync(elsewhere, join(kernel.folder, 'link'))
    const asked = await kernel.start(peek(join(kernel.folder, 'link', 'real.txt')), {}, { mode: 'autopilot' })
    expect((await askOf(kernel, asked)).needs).toEqual([{ kind: 'fs.read', resource: join(elsewhere, 'real.txt') }])
    const own = await kernel.start(peek(join(place.home, 'audit.key')), {}, { mode: 'autopilot' })
    expect(own).toMatchObject({ state: 'failed', error: { code: 'path-reserved' } })
    rmSync(elsewhere, { recursive: true })
  })

  it('asking in vain ends the call, whatever the tool makes of it', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const [path, other] = [join(kernel.folder, 'a'), join(kernel.folder, 'b')]
    writeFileSync(other, 'x')
    const plan = `id: trial\nname: Trial\nsteps:\n  - id: on\n    tool: trial.stubborn\n    input: { path: "${path}", other: "${other}" }\n`
    const asked = await kernel.start(plan, {}, { mode: 'autopilot', allow: [`fs.write:${path}`] })
    expect(await askOf(kernel, asked)).toMatchObject({ kind: 'permission', needs: [{ kind: 'fs.read', resource: other }] })
    expect(existsSync(path)).toBe(false)
    expect((await kernel.approve(asked)).state).toBe('done')
    expect(readFileSync(path, 'utf8')).toBe('allowed')
  })

  it('a tool that asks after its first change is stopped there and not made again', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const [path, other] = [join(kernel.folder, 'a'), join(kernel.folder, 'b')]
    const plan = (late: boolean) =>
      `id: trial\nname: Trial\nsteps:\n  - id: more\n    tool: trial.more\n    input: { path: "${path}", other: "${other}", late: ${late} }\n`
    const failed = await kernel.start(plan(true), {}, { mode: 'autopilot', allow: [`fs.write:${path}`] })
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'permission-late' } })
    expect(readdirSync(kernel.folder)).toEqual(['a'])
    rmSync(path)
    const asked = await kernel.start(plan(false), {}, { mode: 'autopilot', allow: [`fs.write:${path}`] })
    expect(readdirSync(kernel.folder)).toEqual([])
    expect((await kernel.approve(asked)).state).toBe('done')
    expect(readdirSync(kernel.folder).toSorted()).toEqual(['a', 'b'])
  })

  it('nothing beyond the manifest can be asked for', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const denied = await kernel.deps.gate.judge({
      actor: ada,
      run: 'one',
      plan: 'p',
      mode: 'autopilot',
      tool: kernel.deps.plugins.tool('files.list') ?? (undefined as never), // bundled
      input: {},
      labels: [],
      approved: false,
      requested: true,
      needs: [{ kind: 'exec', resource: 'git' }],
    })
    expect(denied.decision).toMatchObject({ verdict: 'deny', rule: 'manifest-lacks' })
  })
})

forEachStore((_name, _open, freshPlace) => {
  const everyone = { kind: 'any', id: '*' } as const
  const grant = (kernel: TestKernel, verdict: Grant['verdict'], permission: string) =>
    kernel.deps.gate.grants.add({ subject: everyone, permission, verdict, expiresAt: null }, 'settings', 'ada')

  it('a place denied below an allowed folder is not served within one call, and is listed with the reason', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    mkdirSync(join(kernel.folder, 'private'))
    writeFileSync(join(kernel.folder, 'private', 'x.txt'), 'secret')
    writeFileSync(join(kernel.folder, 'a.txt'), 'hello')
    const inputs = 'inputs:\n  folder: { type: path }\n'
    const list = `id: trial\nname: Trial\n${inputs}steps:\n  - id: all\n    tool: files.list\n    input: { path: "\${{ inputs.folder }}", recursive: true }\noutputs: { files: "\${{ steps.all.files }}" }\n`
    const move = `id: trial\nname: Trial\n${inputs}steps:\n  - id: move\n    tool: files.move\n    input: { from: "\${{ inputs.folder }}", to: "${kernel.folder}-moved" }\n`
    const listed = async () => {
      const run = await kernel.start(list, { folder: kernel.folder }, { mode: 'autopilot' })
      expect(run).toMatchObject({ state: 'done' })
      const { files } = (await kernel.runs.outputs(run.id)) as { files: { path: string; size: number; unreadable?: string }[] } // what the plan gives
      return files
    }
    expect(await listed()).toHaveLength(3)
    await grant(kernel, 'deny', `fs.read:${join(kernel.folder, 'private')}/**`)
    const files = await listed()
    expect(files.map((entry) => entry.path)).toEqual([join(kernel.folder, 'a.txt'), join(kernel.folder, 'private')])
    expect(files[1]?.unreadable).toContain('A grant forbids')

    const moving = await kernel.start(
      move,
      { folder: kernel.folder },
      { mode: 'autopilot', allow: [`fs.write:${kernel.folder}/**`, `fs.write:${kernel.folder}-moved`] },
    )
    expect(moving).toMatchObject({ state: 'failed', error: { code: 'path-not-allowed', details: { rule: 'grant-deny' } } })
    const { preview } = await kernel.preview(move, { folder: kernel.folder })
    expect(preview).toMatchObject({ changes: [], steps: [{ state: 'failed', error: { code: 'path-not-allowed' } }] })
    expect(existsSync(`${kernel.folder}-moved`)).toBe(false)
  })

  it('a place to be asked about, below an allowed folder, is asked about once it is named', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const file = join(kernel.folder, 'private', 'x.txt')
    mkdirSync(join(kernel.folder, 'private'))
    writeFileSync(file, 'secret')
    await grant(kernel, 'allow', `fs.read:${kernel.folder}/**`)
    await grant(kernel, 'ask', `fs.read:${join(kernel.folder, 'private')}/**`)
    const asked = await kernel.start(peek(file), {}, { mode: 'autopilot' })
    expect(await askOf(kernel, asked)).toMatchObject({ kind: 'permission', needs: [{ kind: 'fs.read', resource: file }], offers: [] })
    expect(await kernel.approve(asked)).toMatchObject({ state: 'done' })
    expect(await kernel.runs.outputs(asked.id)).toEqual({ text: 'secret' })
  })

  it('a command on a machine without a sandbox asks an administrator each time, whatever is granted', async () => {
    await using place = await freshPlace()
    const bare = outside() // nothing is installed in it
    await using sandbox = await createSandbox({ folders: [bare] })
    await using kernel = await openKernel(place, { sandbox })
    const made = join(kernel.folder, 'made')
    const shell = `id: shell\nname: Shell\nsteps:\n  - id: run\n    tool: obey.shell\n    input: { program: sh, line: "echo x >> ${made}" }\n`
    const lines = () => (existsSync(made) ? readFileSync(made, 'utf8') : '')
    for (const permission of ['exec:**', 'exec:sh']) await grant(kernel, 'allow', permission)
    const first = await kernel.start(shell, {}, { mode: 'autopilot', allow: ['exec:sh'] })
    expect(await askOf(kernel, first)).toMatchObject({ role: 'admin', offers: [], needs: [{ kind: 'exec', resource: 'sh' }] })
    expect(lines()).toBe('')
    await expect(kernel.approve(first, { remember: 'always' })).rejects.toMatchObject({ code: 'offer-invalid' })
    expect((await kernel.approve(first, { remember: 'run', final: true })).state).toBe('done')
    expect(lines()).toBe('x\n')
    const twice = shell + shell.split('\n').slice(3).join('\n').replace('id: run', 'id: again\n    after: [run]')
    const asked = await kernel.start(twice, {}, { mode: 'autopilot' })
    const again = await kernel.approve(asked, { remember: 'run', final: true })
    expect(await askOf(kernel, again)).toMatchObject({ role: 'admin', step: 'again' }) // not even a yes for this run
    expect(lines()).toBe('x\nx\n')
    rmSync(bare, { recursive: true })
  })

  it('a name that would be a pattern is remembered as that name alone', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const named = (name: string) => {
      writeFileSync(join(kernel.folder, name), name)
      return kernel.start(twoReads(join(kernel.folder, name)), {}, { mode: 'autopilot' })
    }
    const asked = await named('[ab]{1,2}?.txt')
    expect((await kernel.approve(asked, { remember: 'run' })).state).toBe('done')
    const plan = (name: string) => peek(join(kernel.folder, name)).replace('id: peek', 'id: peek')
    const first = await kernel.start(plan('[ab]{1,2}?.txt'), {}, { mode: 'autopilot' })
    expect((await kernel.approve(first, { remember: 'always' })).state).toBe('done')
    const [kept] = await grantsOf(kernel)
    expect(kept).toMatchObject({ permission: `fs.read:${kernel.folder}/\\[ab\\]\\{1,2\\}\\?.txt`, verdict: 'allow' })
    expect((await kernel.start(plan('[ab]{1,2}?.txt'), {}, { mode: 'autopilot' })).state).toBe('done')
    await grant(kernel, 'allow', kept?.permission ?? '')
    writeFileSync(join(kernel.folder, 'a1x.txt'), 'x')
    expect((await kernel.start(plan('a1x.txt'), {}, { mode: 'autopilot' })).state).toBe('waiting')
  })
})

describe('killed right after the answer', () => {
  it.each(['sqlite', 'postgres'] as const)(
    'once still holds for that call after kill -9, and for no other (%s)',
    { timeout: 60_000 },
    async (name) => {
      const built = await builds()
      await using place = await placeOn(name)
      const folder = outside()
      const file = join(folder, 'a.txt')
      writeFileSync(file, 'hello')
      const worker = fileURLToPath(new URL('../fixtures/worker.ts', import.meta.url))
      const order = { home: place.home, url: place.url, folder, killAt: 'approval-answered', options: { builds: built } }
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', worker, JSON.stringify(order)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const ended = new Promise<NodeJS.Signals | null>((resolve) => {
        child.once('exit', (_code, signal) => resolve(signal))
      })
      child.stdin.on('error', () => undefined) // it dies while it is told: that is the point
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
      const next = async () => JSON.parse((await lines.next()).value as string) as { run?: Run } // one JSON document a line
      await next()
      const ask = (what: object) => child.stdin.write(`${JSON.stringify(what)}\n`)
      ask({ do: 'autopilot', plan: twoReads(file), inputs: {}, bare: true })
      const { run } = await next()
      ask({ do: 'settled', run: run?.id })
      expect((await next()).run).toMatchObject({ state: 'waiting' })
      ask({ do: 'approve', run: run?.id })
      expect(await ended).toBe('SIGKILL')

      await using kernel = await openKernel(place, { builds: built })
      await kernel.runs.recover()
      const after = await kernel.runs.settled(run?.id ?? '')
      expect(await askOf(kernel, after)).toMatchObject({ kind: 'permission', step: 'second' }) // the first was read without being asked again
      rmSync(folder, { recursive: true })
    },
  )
})
