import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { forEachStore, runRow } from './testing.ts'

const RUN = '01890000-0000-7000-8000-000000000001'
const KILLS = 10
const appender = fileURLToPath(new URL('fixtures/appender.ts', import.meta.url))

/** Starts an appender, kills it when it has acknowledged this many, and answers with every number it acknowledged. */
async function killAfter(acknowledged: number, ...args: string[]): Promise<number[]> {
  const child = spawn(process.execPath, [appender, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const seen: number[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    seen.push(Number(line))
    if (seen.length === acknowledged) child.kill('SIGKILL')
  })
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')])
  expect(signal).toBe('SIGKILL')
  return seen
}

forEachStore((name, open) => {
  test(`${KILLS} kills in the middle of appending lose nothing that was acknowledged`, { timeout: 120_000 }, async () => {
    await using opened = await open()
    const { store, place } = opened
    await store.db.insertInto('runs').values(runRow(RUN)).execute()
    await store[Symbol.asyncDispose]()
    let before = 0
    for (let kill = 1; kill <= KILLS; kill++) {
      const acknowledged = await killAfter(1 + ((kill * 37) % 60), place.home, RUN, '1', ...(place.url === undefined ? [] : [place.url]))
      await using again = await place.open()
      const entries = await again.journal.read(RUN)
      const numbers = new Set(entries.map(({ seq }) => seq))
      expect(acknowledged.filter((seq) => !numbers.has(seq))).toEqual([])
      expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: entries.length }, (_, index) => index + 1))
      expect(Math.min(...acknowledged)).toBeGreaterThan(before)
      expect(await again.audit.verify()).toMatchObject({ ok: true })
      before = entries.length
    }
  })

  // A SQLite folder has one process; there the journal's own tests fence within it.
  if (name === 'postgres')
    test('an owner that lost its run while it appends is refused from that moment on', { timeout: 60_000 }, async () => {
      await using opened = await open()
      const { store, place } = opened
      await store.db.insertInto('runs').values(runRow(RUN)).execute()
      const child = spawn(process.execPath, [appender, place.home, RUN, '1', place.url ?? ''], { stdio: ['ignore', 'pipe', 'pipe'] })
      const exit = once(child, 'exit')
      await once(child.stdout, 'data')
      child.stdout.resume()
      let complaint = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        complaint += text
      })
      await store.db.updateTable('runs').set({ epoch: 2 }).where('id', '=', RUN).execute()
      const taken = await store.journal.append(RUN, 2, [{ kind: 'event', event: { type: 'run-resumed', by: 'new owner' } }], 'sync')
      await exit
      expect(complaint).toContain('run-fenced')
      const entries = await store.journal.read(RUN)
      expect(entries.at(-1)).toEqual(taken[0])
      expect(await store.audit.verify()).toMatchObject({ ok: true })
    })
})
