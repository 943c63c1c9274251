import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Run } from '@life-os/contract'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { forEachStore, freshPlace } from '../store/testing.ts'
import { fixture, installed, openBench } from './testing.ts'
import type { McpBench } from './testing.ts'

let sandbox: Sandbox
let npm: ReturnType<typeof installed>
let asking: Awaited<ReturnType<typeof fixture>>
let hostile: Awaited<ReturnType<typeof fixture>>
beforeAll(async () => {
  sandbox = await createSandbox()
  npm = installed('@modelcontextprotocol/server-everything')
  asking = await fixture('asking')
  hostile = await fixture('hostile')
}, 120_000)
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  for (const one of [npm, asking, hostile]) one?.[Symbol.dispose]()
}, 60_000)
const SLOW = { timeout: 120_000 }

const stdio = (entry: string, folder: string, args: string[] = []) => ({
  kind: 'stdio' as const,
  command: 'node',
  args: [entry, ...args],
  env: {},
  secretEnv: {},
  mounts: [{ path: folder, access: 'read' as const }],
  network: [],
})
const say = (bench: McpBench, run: Run, output: unknown) => bench.approve(run, { answer: 'done', output })
/** What only reads is made in the preview, which asks nobody: it says that not all is known, and is approved first. */
const previewed = async (bench: McpBench, run: Run): Promise<Run> => {
  expect(await question(bench, run)).toMatchObject({ kind: 'preview', preview: { changes: [] } })
  return bench.approve(run)
}
const question = (bench: McpBench, run: Run) => bench.gate.approvals.get(run.approval ?? '')

forEachStore((name, _open, place) => {
  test(
    `what the everything server asks is a question of the run, is answered after a restart, and goes to it (${name})`,
    SLOW,
    async () => {
      await using home = await place()
      let waiting: Run
      {
        await using bench = await openBench(home, sandbox)
        await bench.accepted({ id: 'every', transport: stdio(npm.entries[0] ?? '', npm.folder) })
        waiting = await bench.approve(await bench.call('mcp-every.trigger-elicitation-request'))
        expect(waiting.state, waiting.error?.message).toBe('waiting')
        const asked = await question(bench, waiting)
        expect(asked).toMatchObject({
          kind: 'question',
          step: expect.stringMatching(/^ask\.asked-/),
          labels: expect.arrayContaining(['untrusted']),
          message: expect.stringContaining('Please provide inputs'),
          subject: { agent: null, tool: 'mcp-every.trigger-elicitation-request', server: { name: 'every', place: null } },
          output: {
            properties: {
              name: { type: 'string' },
              titledSingleSelectEnum: { enum: expect.any(Array), enumNames: expect.arrayContaining(['Superman']) },
            },
          },
        })
        await expect(say(bench, waiting, { name: 3 })).rejects.toMatchObject({ code: 'answer-invalid' })
        await expect(say(bench, waiting, { name: 'Ada', more: 'than asked' })).rejects.toMatchObject({ code: 'answer-invalid' })
        await expect(say(bench, waiting, { name: 'Ada', email: 'none' })).rejects.toMatchObject({ code: 'answer-invalid' })
      }
      await using again = await openBench(home, sandbox)
      const done = await say(again, waiting, { name: 'Ada', titledSingleSelectEnum: 'hero-2', untitledMultipleSelectEnum: ['Piano'] })
      const { text } = await again.output(done)
      expect(text).toContain('- Name: Ada')
      expect(text).toContain('hero-2')
      expect(done.labels).toContain('untrusted')
    },
  )
})

test('a refusal is told as one', SLOW, async () => {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.accepted({ id: 'every', transport: stdio(npm.entries[0] ?? '', npm.folder) })
  const waiting = await bench.approve(await bench.call('mcp-every.trigger-elicitation-request'))
  const refused = await bench.approve(waiting, { answer: 'refuse' })
  expect((await bench.output(refused)).text).toContain('declined')
})

test('of the protocol of 2026 a call that asks has done nothing yet, and is made once more with the answer', SLOW, async () => {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.accepted({ id: 'tables', transport: stdio(asking.entry, asking.folder) })
  expect(bench.mcp.get('tables').server?.protocol).toBe('2026-07-28')
  const waiting = await bench.approve(await bench.call('mcp-tables.book'))
  expect((await question(bench, waiting)).message).toContain('for how many?')
  const effects = await bench.runs.effects(waiting.id, { limit: 10 })
  expect(effects.items.filter(({ state }) => state === 'finished')).toEqual([])
  const done = await say(bench, waiting, { time: '20:00', guests: 4 })
  expect(JSON.parse((await bench.output(done)).text)).toMatchObject({ time: '20:00', guests: 4, booked: 1 })
  const looked = await previewed(bench, await bench.call('mcp-tables.look'))
  expect((await question(bench, looked)).kind).toBe('question')
  expect(JSON.parse((await bench.output(await say(bench, looked, { time: '18:00', guests: 1 }))).text)).toMatchObject({ booked: 2 })
})

async function withHostile<T>(how: string, work: (bench: McpBench) => Promise<T>): Promise<T> {
  await using home = await freshPlace('sqlite')
  await using bench = await openBench(home, sandbox)
  await bench.accepted({ id: 'bad', timeout: 5000, transport: stdio(hostile.entry, hostile.folder, [how]) })
  return await work(bench)
}

test('a server that asks for a password is declined, whatever the field is called, and nobody sees its form', SLOW, async () => {
  await withHostile('password', async (bench) => {
    const run = await bench.call('mcp-bad.add')
    expect((await bench.output(run)).text).toContain('"decline"')
    expect(bench.mcp.get('bad').log.join('\n')).toContain('No server is told one in a form')
    expect(bench.notes.some(({ type, data }) => type === 'log' && String(data['message']).includes('declined'))).toBe(true)
  })
})

test('of its form only what is known is shown, without what hides or steers and without its patterns', SLOW, async () => {
  await withHostile('form', async (bench) => {
    const run = await previewed(bench, await bench.call('mcp-bad.add'))
    const asked = await question(bench, run)
    expect(`${asked.message}${JSON.stringify(asked.output)}`).not.toMatch(/[\u001b\u202e\u200b]|pattern/)
    expect(asked.output).toMatchObject({ properties: { name: { maxLength: 2000 }, kind: { enumNames: ['Ay', 'Bee'] } } })
    expect((await bench.output(await say(bench, run, { name: 'Ada', kind: 'b' }))).text).toContain('"kind":"b"')
  })
})

test('one that always asks something else is declined after ten questions', SLOW, async () => {
  await withHostile('endless', async (bench) => {
    let run = await previewed(bench, await bench.call('mcp-bad.add'))
    let questions = 0
    for (; run.state === 'waiting' && questions < 20; questions += 1) run = await say(bench, run, {})
    expect(questions).toBe(10)
    expect((await bench.output(run)).text).toContain('"decline"')
  })
})

test('one that ends when its form is closed may have done something: the run asks whether it did', SLOW, async () => {
  await withHostile('dies', async (bench) => {
    const run = await bench.approve(await bench.call('mcp-bad.wipe'))
    expect(await question(bench, run)).toMatchObject({ kind: 'uncertain' })
  })
})

test('one that only reads and says nothing more when its form is closed: the person is asked all the same', SLOW, async () => {
  await withHostile('mute', async (bench) => {
    const run = await previewed(bench, await bench.call('mcp-bad.add'))
    expect(run.error).toBeNull()
    expect(await question(bench, run)).toMatchObject({ kind: 'question', message: expect.stringContaining('Which word?') })
    expect((await bench.output(await say(bench, run, { word: 'plum' }))).text).toContain('"word":"plum"')
  })
})

test('one that may be at work and says nothing more: what is not known is put to the person', SLOW, async () => {
  await withHostile('mute', async (bench) => {
    const run = await bench.approve(await bench.call('mcp-bad.wipe'))
    expect(await question(bench, run)).toMatchObject({ kind: 'uncertain' })
  })
})

test('a question that nobody answered in time is told as closed, and not asked again', SLOW, async () => {
  await withHostile('form', async (bench) => {
    const run = await previewed(bench, await bench.call('mcp-bad.add'))
    expect((await question(bench, run)).kind).toBe('question')
    await bench.store.db.updateTable('approvals').set({ expires_at: 1 }).where('id', '=', run.approval).execute()
    await bench.runs.recover()
    const ended = await bench.runs.settled(run.id)
    expect(ended).toMatchObject({ state: 'done', error: null, approval: null })
    expect((await bench.output(ended)).text).toContain('"action":"cancel"')
  })
})

test('a server that would send the person to an address asks nobody', SLOW, async () => {
  await withHostile('url', async (bench) => {
    const run = await bench.approve(await bench.call('mcp-bad.wipe'))
    expect(run).toMatchObject({ state: 'done', approval: null })
    const { text } = await bench.output(run)
    expect(text).toMatch(/decline|not support|error|code/i)
    expect(text).not.toContain('accept')
  })
})
