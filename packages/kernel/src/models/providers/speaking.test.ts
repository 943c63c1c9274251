import { describe, expect, it } from 'vitest'
import { ask, KEY, KINDS, MOVE, never, pair } from './fixtures.ts'
import { createTap } from '../testing/index.ts'

describe.each(KINDS)('%s', (kind) => {
  it('streams text with the numbers that the server tells', async () => {
    const usage = { input: 40, output: 9, cached: 30, reasoning: 4 }
    await using both = await pair(kind, { answer: { text: 'The total is 42 €.', reasoning: 'Adding up.', usage } })
    const said: string[] = []
    const answer = await both.client.generate(ask('How much?'), { signal: never(), onText: (delta) => said.push(delta) })
    const told = { ollama: { cached: 0, reasoning: 0 }, anthropic: { cached: 30, reasoning: 0 } }
    expect(answer).toMatchObject({ text: 'The total is 42 €.', calls: [], finish: 'stop', mended: false })
    expect(answer.usage).toEqual({ ...usage, ...(kind in told && told[kind === 'ollama' ? 'ollama' : 'anthropic']) })
    expect(said.join('')).toBe('The total is 42 €.')
    expect(said.length).toBeGreaterThan(2)
    expect(answer.firstToken).toBeGreaterThanOrEqual(0)
  })

  it('hands each token on as it comes', async () => {
    const tap = createTap()
    await using both = await pair(kind, { answer: { pieces: ['one ', 'two ', 'three'], pace: tap.pace } })
    const said: string[] = []
    const waiting = new Map<number, () => void>()
    const until = (count: number) => new Promise<void>((done) => (said.length >= count ? done() : waiting.set(count, done)))
    const onText = (delta: string) => {
      said.push(delta)
      waiting.get(said.length)?.()
    }
    const answer = both.client.generate(ask('Count.'), { signal: never(), onText })
    tap.release(1)
    await until(1)
    expect(said).toEqual(['one '])
    tap.release(1)
    await until(2)
    expect(said).toEqual(['one ', 'two '])
    tap.open()
    expect((await answer).text).toBe('one two three')
  })

  it('gives a sign of life while it thinks and writes a call', async () => {
    await using both = await pair(kind, {
      answer: { reasoning: 'Let me see.', calls: [{ tool: 'files.move', input: { from: 'a', to: 'b' } }] },
    })
    let signs = 0
    const onText = () => expect.fail('there is no text')
    await both.client.generate(ask('Move.', { tools: [MOVE] }), { signal: never(), onText, onSign: () => signs++ })
    expect(signs).toBeGreaterThanOrEqual(3)
  })

  it('estimates where the server counts nothing', async () => {
    await using both = await pair(kind, { answer: { text: 'a'.repeat(40), usage: null } })
    const { usage } = await both.client.generate(ask('b'.repeat(400)), { signal: never() })
    expect(usage.output).toBe(10)
    expect(usage.input).toBeGreaterThanOrEqual(100)
    expect(usage.input).toBeLessThan(130)
  })

  it('offers tools by names that the wire takes, with their schemas as they are', async () => {
    const answer = {
      text: 'Moving.',
      calls: [
        { tool: 'files.move', input: { from: 'a', to: 'b' } },
        { tool: 'files.move', input: { from: 'c', to: 'd' } },
      ],
    }
    await using both = await pair(kind, { answer })
    const got = await both.client.generate(ask('Move them.', { tools: [MOVE] }), { signal: never() })
    expect(both.server.asked[0]?.tools).toEqual([
      { id: 'files.move', name: 'files_move', description: MOVE.description, schema: MOVE.input },
    ])
    expect(got).toMatchObject({ text: 'Moving.', finish: 'tool-calls', mended: false })
    expect(got.calls.map(({ tool, input }) => ({ tool, input }))).toEqual(answer.calls)
    expect(new Set(got.calls.map((call) => call.id)).size).toBe(2)
  })

  it('keeps a call of a tool that was not offered from being any tool', async () => {
    await using both = await pair(kind, { answer: { calls: [{ tool: 'files.trash', input: { path: '/' } }] } })
    const got = await both.client.generate(ask('Move.', { tools: [MOVE] }), { signal: never() })
    expect(got.calls.map((call) => call.tool)).toEqual(['files_trash'])
  })

  it('gives back what was called and what came of it', async () => {
    await using both = await pair(kind, { answer: 'Done.' })
    const messages = [
      { role: 'system' as const, content: [{ type: 'text' as const, text: 'Be brief.' }] },
      ...ask('Move a.').messages,
      {
        role: 'assistant' as const,
        content: [
          { type: 'text' as const, text: 'Moving.' },
          { type: 'tool-call' as const, id: 'c1', tool: 'files.move', input: { from: 'a', to: 'b' } },
          { type: 'tool-call' as const, id: 'c2', tool: 'files.move', input: { from: 'c', to: 'd' } },
        ],
      },
      {
        role: 'tool' as const,
        content: [
          { type: 'tool-result' as const, id: 'c1', tool: 'files.move', output: { moved: 'b' } },
          { type: 'tool-result' as const, id: 'c2', tool: 'files.move', output: 'no such file', failed: true },
        ],
      },
    ]
    await both.client.generate(ask('', { messages, tools: [MOVE] }), { signal: never() })
    const seen = both.server.asked[0]?.messages ?? []
    expect(seen[0]).toMatchObject({ role: 'system', text: 'Be brief.' })
    expect(seen.find((message) => message.role === 'assistant')).toMatchObject({
      text: 'Moving.',
      calls: [
        { tool: 'files.move', input: { from: 'a', to: 'b' } },
        { tool: 'files.move', input: { from: 'c', to: 'd' } },
      ],
    })
    const results = seen.flatMap((message) => message.results)
    expect(results.map((result) => result.tool)).toEqual(['files.move', 'files.move'])
    expect(results[0]?.text).toContain('"moved":"b"')
    expect(results[1]?.text).toContain('no such file')
  })

  it('asks for an object by its schema', async () => {
    const schema = {
      type: 'object',
      properties: { total: { type: 'number' }, note: { type: 'string' } },
      required: ['total'],
      additionalProperties: false,
    }
    await using both = await pair(kind, { answer: { object: { total: 42 } } })
    const got = await both.client.generate(ask('Add up.', { schema }), { signal: never() })
    expect(both.server.asked[0]?.schema).toEqual(schema)
    expect(got).toMatchObject({ object: { total: 42 }, mended: false })
  })

  it('shows a picture, and a text file as text', async () => {
    await using both = await pair(kind, { answer: 'A cat.' })
    const picture = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      { type: 'file' as const, blob: 'picture', mime: 'image/png' },
      { type: 'file' as const, blob: 'note', mime: 'text/plain', name: 'note.txt' },
    ]
    const bytes = async (blob: string) => (blob === 'picture' ? picture : new TextEncoder().encode('from a note'))
    await both.client.generate(ask('', { messages: [{ role: 'user', content }], bytes }), { signal: never() })
    const seen = both.server.asked[0]?.messages.at(-1)
    expect(seen?.pictures).toEqual([Buffer.from(picture).toString('base64')])
    expect(seen?.text).toMatch(/What is this\?[\s\S]*note\.txt[\s\S]*from a note/)
  })

  it('says when the answer was cut at its limit', async () => {
    await using both = await pair(kind, { answer: { text: 'And then', finish: 'length' } })
    expect((await both.client.generate(ask('Go on.'), { signal: never() })).finish).toBe('length')
  })

  it('brings the key that was asked for its place, and no other header of that kind', async () => {
    await using both = await pair(kind, { key: KEY, answer: 'hi' })
    expect((await both.client.generate(ask('hi'), { signal: never() })).text).toBe('hi')
    const headers = both.server.seen.at(-1)?.headers ?? {}
    const sent = ['authorization', 'x-api-key', 'x-goog-api-key'].filter((name) => headers[name] !== undefined)
    expect(sent).toEqual([{ anthropic: 'x-api-key', google: 'x-goog-api-key' }[kind as string] ?? 'authorization'])
  })
})

describe.each(KINDS.filter((kind) => kind !== 'anthropic'))('%s', (kind) => {
  it('makes one vector a text, also of many texts', async () => {
    await using both = await pair(kind, { models: ['m'], embed: (text) => [text.length, 1] })
    const texts = Array.from({ length: 230 }, (_, index) => 'x'.repeat(index + 1))
    const { vectors, usage } = await both.client.embed('m', texts, never())
    expect(vectors).toHaveLength(230)
    expect(vectors[229]).toEqual(Float32Array.of(230, 1))
    expect(usage.input).toBeGreaterThanOrEqual(230)
  })
})
