// The provider of OpenAI-compatible servers against a real one, llama.cpp's. It runs where LIFEOS_LLAMA_SERVER names the program: no
// registry has it ready made. Its model is noise, so what is tested is the wire and what its grammar forces: JSON by a schema.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tinyModel } from '../testing/tiny-model.ts'
import { ask, clientOf, failure, KEY, MOVE, never } from './fixtures.ts'

const PROGRAM = process.env['LIFEOS_LLAMA_SERVER']

describe("llama.cpp's own server", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'life-os-llama-'))
  let child: ChildProcess
  let url: string
  const client = (key = KEY) => clientOf('openai-compatible', `${url}/v1`, {}, key)
  const tiny = (text: string, rest: Parameters<typeof ask>[1] = {}) => ask(text, { name: 'tiny', maxTokens: 24, seed: 1, ...rest })

  beforeAll(async () => {
    const model = path.join(folder, 'tiny.gguf')
    writeFileSync(model, tinyModel())
    const args = ['-m', model, '--alias', 'tiny', '--host', '127.0.0.1', '--port', '0', '--api-key', KEY, '--no-warmup', '--no-ui']
    child = spawn(PROGRAM ?? '', [...args, '--parallel', '1', '--threads', '1', '--ctx-size', '2048'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    for await (const line of createInterface({ input: child.stderr! })) {
      // spawned with a pipe
      const place = /listening on (http:\S+)/.exec(line)?.[1]
      if (place === undefined) continue
      url = place
      break
    }
    child.stderr?.resume()
  }, 60_000)

  afterAll(async () => {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    rmSync(folder, { recursive: true, force: true })
  })

  it('lists its model, of this machine', async () => {
    expect(await client().models(never())).toMatchObject([{ name: 'tiny', local: true }])
  })

  it('streams text, with the tokens that it counted', async () => {
    const said: string[] = []
    const answer = await client().generate(tiny('Hello'), { signal: never(), onText: (delta) => said.push(delta) })
    expect(answer).toMatchObject({ text: said.join(''), finish: 'length', calls: [], usage: { output: 24 } })
    expect(said.length).toBeGreaterThan(1)
    expect(answer.usage.input).toBeGreaterThan(10)
  })

  it('answers by a schema', async () => {
    const schema = {
      type: 'object',
      properties: { total: { type: 'integer', minimum: 0, maximum: 9 }, paid: { type: 'boolean' } },
      required: ['total', 'paid'],
      additionalProperties: false,
    }
    const { object } = await client().generate(tiny('Add up.', { schema, maxTokens: 200 }), { signal: never() })
    expect(object).toEqual({ total: expect.any(Number) as number, paid: expect.any(Boolean) as boolean })
  })

  it('takes tools and what came of a call; its noise is no call', async () => {
    const messages = [
      ...ask('Move a.').messages,
      {
        role: 'assistant' as const,
        content: [{ type: 'tool-call' as const, id: 'c1', tool: 'files.move', input: { from: 'a', to: 'b' } }],
      },
      { role: 'tool' as const, content: [{ type: 'tool-result' as const, id: 'c1', tool: 'files.move', output: { moved: 'b' } }] },
    ]
    const bare = await client().generate(tiny('', { messages }), { signal: never() })
    const answer = await client().generate(tiny('', { messages, tools: [MOVE] }), { signal: never() })
    expect(answer).toMatchObject({ calls: [], finish: 'length', usage: { output: 24 } })
    expect(answer.usage.input, 'it was told of the tool').toBeGreaterThan(bare.usage.input + 50)
  })

  it('says that a prompt is too long, and that a key is wrong', async () => {
    const long = await failure(client().generate(tiny('word '.repeat(3000)), { signal: never() }))
    expect(long).toMatchObject({ code: 'model-bad-request', applied: 'no' })
    expect(await failure(client('another-key-that-is-wrong').generate(tiny('Hi'), { signal: never() }))).toMatchObject({
      code: 'model-unauthorised',
      applied: 'no',
    })
  })

  it('stops when it is cancelled: its one slot is free for the next at once', async () => {
    const stop = new AbortController()
    const work = client().generate(tiny('Go on for ever.', { maxTokens: 1900 }), {
      signal: stop.signal,
      onText: () => stop.abort(new Error('enough')),
    })
    await expect(work).rejects.toThrow('enough')
    const isBusy = async (): Promise<boolean> => {
      const response = await fetch(`${url}/slots`, { headers: { authorization: `Bearer ${KEY}` } })
      return ((await response.json()) as { is_processing: boolean }[]).some((slot) => slot.is_processing) // as its README says
    }
    await expect.poll(isBusy, { timeout: 5000 }).toBe(false)
    expect((await client().generate(tiny('Hello'), { signal: never() })).usage.output).toBe(24)
  })
})
