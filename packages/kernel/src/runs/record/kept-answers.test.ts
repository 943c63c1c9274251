import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forEachStore } from '../../store/testing.ts'
import { packed, unpacked } from './kept-answers.ts'
import { builds, openKernel, withFolder } from '../testing.ts'

let server: Server
let posts = 0
let answer: { status: number; text: string } = { status: 200, text: 'first answer' }
let url = ''
beforeEach(async () => {
  posts = 0
  answer = { status: 200, text: 'first answer' }
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      posts += 1
      response.writeHead(answer.status).end(posts === 1 ? answer.text : `answer ${posts}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/notes` // listening on TCP
})
afterEach(() => new Promise((resolve) => void server.close(resolve)))

const plan = withFolder(
  '- id: send\n  tool: trial.send-note\n  input: { url: "${{ inputs.url }}", path: "${{ inputs.folder }}/said" }',
).replace('  folder: { type: path }', '  folder: { type: path }\n  url: { type: text }')
const worker = fileURLToPath(new URL('../fixtures/worker.ts', import.meta.url))

/** Runs the plan in a process that is killed as soon as the end of the request is on disk. */
async function killedAfterTheRequest(place: { home: string; url?: string | undefined }, folder: string, built: string[]): Promise<void> {
  const order = { home: place.home, url: place.url, folder, killAt: 'effect-finished', options: { builds: built } }
  const child = spawn(process.execPath, [worker, JSON.stringify(order)], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.write(`${JSON.stringify({ do: 'autopilot', plan, inputs: { folder, url } })}\n`)
  const signal = await new Promise((resolve) => child.once('exit', (_code, how) => resolve(how)))
  expect(signal).toBe('SIGKILL')
}

forEachStore((_name, _open, freshPlace) => {
  it(
    'a request whose answer was journaled is not sent again after a kill: the tool is told the same answer',
    { timeout: 60_000 },
    async () => {
      await using place = await freshPlace()
      const built = await builds()
      const folder = mkdtempSync(join(tmpdir(), 'lifeos-answer-'))
      try {
        await killedAfterTheRequest(place, folder, built)
        expect([posts, readdirSync(folder)]).toEqual([1, []])
        await using kernel = await openKernel(place, { folder, builds: built })
        expect(await kernel.runs.recover()).toBe(1)
        const [run] = (await kernel.runs.list({ limit: 1 })).items
        const done = await kernel.runs.settled(run?.id ?? '')
        expect(done).toMatchObject({ state: 'done', error: null })
        expect(posts).toBe(1)
        expect(readFileSync(join(folder, 'said'), 'utf8')).toBe('first answer')
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )

  it('a request that was answered is not sent again by a retry of a tool that failed after it', async () => {
    await using place = await freshPlace()
    await using kernel = await openKernel(place)
    const denied = {
      subject: { kind: 'any' as const, id: '*' },
      permission: `fs.write:${kernel.folder}/**`,
      verdict: 'allow' as const,
      expiresAt: null,
    }
    await kernel.deps.gate.grants.add(denied, 'settings', 'ada')
    const failing = plan.replace('/said"', '/no/such/\\u0000name"').replace('  tool:', '  retry: { tries: 3, wait: 1ms }\n    tool:')
    const run = await kernel.start(failing, { folder: kernel.folder, url }, { mode: 'autopilot' })
    expect(run.state).toBe('failed')
    expect(posts).toBe(1)
  })
})

describe('answers in the journal', () => {
  it('come back as they went in, bytes too', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie('value')),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__' && key !== '$bytes'),
          tie('value'),
        ),
      ),
    })).value
    fc.assert(
      fc.property(value, (given) => {
        expect(unpacked(JSON.parse(JSON.stringify(packed(given))))).toEqual(given)
      }),
    )
  })
})
