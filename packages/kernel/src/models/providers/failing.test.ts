import { once } from 'node:events'
import { createServer } from 'node:http'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createTap } from '../testing/index.ts'
import { ask, clientOf, failure, KEY, KINDS, never, pair } from './fixtures.ts'

const STATUS = [
  [400, 'model-bad-request', 'user', 'no'],
  [401, 'model-unauthorised', 'user', 'no'],
  [403, 'model-unauthorised', 'user', 'no'],
  [404, 'model-missing', 'user', 'no'],
  [408, 'model-timeout', 'operational', 'unknown'],
  [429, 'model-rate-limited', 'operational', 'no'],
  [500, 'model-failed', 'operational', 'unknown'],
  [502, 'model-failed', 'operational', 'unknown'],
  [503, 'model-overloaded', 'operational', 'no'],
  [504, 'model-timeout', 'operational', 'unknown'],
  [529, 'model-overloaded', 'operational', 'no'],
  [307, 'model-unreachable', 'operational', 'no'],
] as const

const chunk =
  'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n'
/** One piece of text and no end. */
const BEGINNINGS = {
  ollama: '{"message":{"role":"assistant","content":"a"},"done":false}\n',
  openai: chunk,
  'openai-compatible': chunk,
  anthropic:
    'data: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\n' +
    'data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
    'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a"}}\n\n',
  google: 'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"a"}]},"index":0}]}\n\n',
}

describe.each(KINDS)('%s', (kind) => {
  it.each(STATUS)('says what status %i means', async (status, code, kindOfError, applied) => {
    const message = `wrong: key ${KEY}`
    await using both = await pair(kind, { answer: { status, message, headers: status === 307 ? { location: 'http://127.0.0.1:1/' } : {} } })
    const error = await failure(both.client.generate(ask('hi'), { signal: never() }))
    expect(error).toMatchObject({ code, class: kindOfError, applied })
    expect(error.details).toMatchObject({ status })
    expect(inspect(error, { depth: 9 })).not.toContain(KEY)
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('"hi"')
    expect(both.server.asked).toHaveLength(1)
  })

  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after-ms': '250', 'retry-after': '1' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
  ])('hands on how long to wait: %o', async (headers, milliseconds) => {
    await using both = await pair(kind, { answer: { status: 429, headers } })
    const error = await failure(both.client.generate(ask('hi'), { signal: never() }))
    expect(error.details?.['retryAfter']).toBe(milliseconds)
  })

  it.each([0, 2])('tells a connection cut after %i pieces, having handed those on', async (cutAfter) => {
    await using both = await pair(kind, { answer: { pieces: ['a ', 'b ', 'c ', 'd '], cutAfter } })
    const said: string[] = []
    const error = await failure(both.client.generate(ask('hi'), { signal: never(), onText: (delta) => said.push(delta) }))
    expect(error).toMatchObject({ code: 'model-cut-off', class: 'operational', applied: 'unknown' })
    expect('a b c d '.startsWith(said.join(''))).toBe(true)
  })

  it('tells an answer that ends without saying so', async () => {
    await using both = await pair(kind, { answer: { garbage: BEGINNINGS[kind] } })
    expect(await failure(both.client.generate(ask('hi'), { signal: never() }))).toMatchObject({ code: 'model-cut-off', applied: 'unknown' })
  })

  it.each(['<html>Welcome</html>', 'data: {"choices": [{"delta"\n\n', '{"message": {"content": "unfinis', 'data: "text"\n\n'])(
    'cannot read %j',
    async (garbage) => {
      await using both = await pair(kind, { answer: { garbage } })
      const error = await failure(both.client.generate(ask('hi'), { signal: never() }))
      expect(error).toMatchObject({ code: 'model-invalid', class: 'operational', applied: 'unknown' })
    },
  )

  it('tells an error in the middle of a stream', async () => {
    await using both = await pair(kind, { answer: { pieces: ['a ', 'b '], failAfter: 1, message: 'Overloaded' } })
    const error = await failure(both.client.generate(ask('hi'), { signal: never() }))
    expect(error.code).toMatch(/^model-(overloaded|failed|cut-off)$/)
    expect(error.applied).toBe('unknown')
  })

  it('finds nobody at the address', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    server.close()
    await once(server, 'close')
    const client = clientOf(kind, `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    const signal = never()
    for (const call of [() => client.generate(ask('hi'), { signal }), () => client.models(signal)])
      expect(await failure(call())).toMatchObject({ code: 'model-unreachable', applied: 'no' })
  })

  it.each(['before the first byte', 'between tokens'])('closes the connection when cancelled %s', async (moment) => {
    const tap = createTap()
    const held = Promise.withResolvers<void>()
    const answer = moment === 'between tokens' ? { text: 'one two three', pace: tap.pace } : { before: held.promise }
    await using both = await pair(kind, { answer })
    const stop = new AbortController()
    const first = Promise.withResolvers<void>()
    const call = both.client.generate(ask('hi'), { signal: stop.signal, onText: () => first.resolve() })
    const ended = expect(call).rejects.toThrow('the person pressed stop')
    const seen = await both.server.arrived()
    tap.release(1)
    if (moment === 'between tokens') await first.promise
    stop.abort(new Error('the person pressed stop'))
    await ended
    await seen.over
    expect(seen.aborted).toBe(true)
    held.resolve()
  })

  it.each(['it cannot read', 'whose text the caller throws at'])('hangs up on an answer %s', async (what) => {
    const closed = Promise.withResolvers<void>()
    const server = createServer((request, response) => {
      request.resume()
      if (request.url?.endsWith('/api/show')) return void response.end('{}')
      response.once('close', () => closed.resolve())
      response.write(what === 'it cannot read' ? 'data: {"broken\n\n' : BEGINNINGS[kind])
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = clientOf(kind, `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    const onText = () => {
      throw new Error('the caller is gone')
    }
    await expect(client.generate(ask('hi'), { signal: never(), onText })).rejects.toThrow()
    await closed.promise
    server.close()
  })

  it('sends nothing once cancelled', async () => {
    await using both = await pair(kind, { answer: 'hi' })
    await expect(both.client.generate(ask('hi'), { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped')
    expect(both.server.seen).toEqual([])
  })

  it('says no to structured output that is cut or no JSON', async () => {
    const schema = { type: 'object', properties: {} }
    await using both = await pair(kind, { answer: [{ text: '{"a": [1, 2', finish: 'length' }, 'I would rather not.'] })
    for (const words of [/allow more/, /no JSON/]) {
      const error = await failure(both.client.generate(ask('hi', { schema }), { signal: never() }))
      expect(error).toMatchObject({ code: 'model-invalid', applied: 'unknown' })
      expect(error.message).toMatch(words)
    }
  })
})
