// A conversation on a real terminal, which script(1) makes, and out of a pipe.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ollamaServer } from '../../../tools/lab/models.ts'
import { machine } from './testing/lifeos.ts'
import type { Machine } from './testing/lifeos.ts'

const program = fileURLToPath(new URL('../../../tools/bin/lifeos.mjs', import.meta.url))
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'
const UP = '\u001B[A'

let here: Machine
let server: Awaited<ReturnType<typeof ollamaServer>>
beforeAll(async () => {
  here = await machine()
  mkdirSync(here.work, { recursive: true })
  server = await ollamaServer({ models: [{ name: 'small', capabilities: ['completion', 'tools'] }], answer: 'Yes.' })
  const { connect } = await import('./backend/connect.ts')
  await using backend = await connect({ home: here.home })
  await backend.client.models.setProvider({ id: 'here', kind: 'ollama', name: 'Here', url: server.url, enabled: true })
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  here[Symbol.dispose]()
})

/** `lifeos chat` on a terminal: each step waits for words that come after those before, then types. Answers all that was said. */
async function typed(...steps: [waitFor: string, type: string][]): Promise<string> {
  const command = `'${process.execPath}' --disable-warning=ExperimentalWarning '${program}' chat`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: here.work,
    env: { ...process.env, LIFEOS_HOME: here.home, HOME: dirname(here.home), NO_COLOR: '1', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let [said, seen] = ['', 0]
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    for (let [step] = steps; step && said.indexOf(step[0], seen) >= 0; [step] = steps) {
      seen = said.indexOf(step[0], seen) + step[0].length
      child.stdin.write(step[1])
      steps.shift()
    }
  })
  await new Promise((resolve) => child.once('close', resolve))
  expect(steps, said).toEqual([])
  return said
}

describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
  test('Ctrl-C stops the answer and not the conversation; the arrow brings back what was typed; a slash is a command', async () => {
    const cut = Promise.withResolvers<void>()
    let asked = 0
    server.options.answer = () => {
      asked += 1
      return asked === 1 ? { pieces: ['Beginning ', 'end.'], pace: (piece) => (piece === 1 ? cut.promise : undefined) } : 'All of it.'
    }
    const said = await typed(
      ['› ', 'tell me\r'],
      ['Beginning', CTRL_C],
      ['Stopped. /go goes on', ''],
      ['› ', `${UP}\r`],
      ['All of it.', ''],
      ['› ', '/wrong\r'],
      ['There is no /wrong.', ''],
      ['› ', '/rename By hand\r'],
      ['By hand · assistant', ''],
      ['› ', CTRL_D],
    )
    cut.resolve()
    expect(said).toContain('Go on later: lifeos chat ')
    expect(server.asked.map(({ last }) => last)).toEqual(['tell me', 'tell me'])
    expect((await here.lifeos('threads', 'list')).out).toContain('By hand')
  })

  test('what an answer wants to change is asked where it stands, and done once it is allowed', async () => {
    const file = join(here.work, 'old.txt')
    writeFileSync(file, 'x')
    server.options.answer = ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? 'It is gone.' : { calls: [{ tool: 'files.remove', input: { path: file } }] }
    await typed(['› ', 'remove it\r'], ['[l]ater: ', 'o\r'], ['It is gone.', ''], ['› ', '/exit\r'])
    expect(existsSync(file)).toBe(false)
  })
})

test('out of a pipe each line is a message', async () => {
  server.options.answer = ({ last }) => `You said ${last}.`
  const { code, out } = await here.fed('one\n\ntwo\n', 'chat')
  expect([code, out]).toEqual([0, 'You said one.\nYou said two.\n'])
  expect(await here.fed('', 'chat')).toMatchObject({ code: 2, err: expect.stringContaining('needs a terminal') })
})
