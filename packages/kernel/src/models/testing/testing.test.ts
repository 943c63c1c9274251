import { describe, expect, it } from 'vitest'
import { anthropicServer, createTap, googleServer, hashedWords, ollamaServer, openaiServer } from './index.ts'
import type { WireServer } from './index.ts'

async function post(server: WireServer, path: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const messages = [{ role: 'user', content: 'Move a to b' }]

describe('a scripted server', () => {
  it('answers by a function of what was asked', async () => {
    await using server = await ollamaServer({
      models: ['m'],
      answer: (request, index) => ({
        text: `${index}: ${request.last}`,
        calls: request.tools.map((tool) => ({ tool: tool.id, input: { n: 1 } })),
      }),
    })
    const tools = [{ type: 'function', function: { name: 'files_move', description: 'Moves.', parameters: {} } }]
    const { text } = await post(server, '/api/chat', { model: 'm', messages, tools, stream: false })
    expect(JSON.parse(text)).toMatchObject({
      message: { content: '0: Move a to b', tool_calls: [{ function: { name: 'files_move', arguments: { n: 1 } } }] },
      done: true,
      eval_count: 13,
    })
    expect(server.asked).toMatchObject([{ model: 'm', last: 'Move a to b', tools: [{ id: 'files.move', name: 'files_move' }] }])
  })

  it('goes through a list and says when it is used up', async () => {
    await using server = await openaiServer({ answer: ['one', { status: 429, headers: { 'retry-after': '1' }, message: 'slow down' }] })
    const asked = () => post(server, '/chat/completions', { model: 'm', messages })
    expect(JSON.parse((await asked()).text)).toMatchObject({ choices: [{ message: { content: 'one' }, finish_reason: 'stop' }] })
    const refused = await asked()
    expect([refused.status, refused.headers.get('retry-after'), refused.text]).toEqual([429, '1', expect.stringContaining('slow down')])
    expect(await asked()).toMatchObject({ status: 500, text: expect.stringContaining('The script has 2 answers') })
  })

  it('wants the key of its format, and fails while it is told to', async () => {
    await using server = await anthropicServer({ key: 'k', answer: 'hi' })
    expect((await post(server, '/messages', { messages })).status).toBe(401)
    expect((await post(server, '/messages', { messages }, { 'x-api-key': 'k' })).status).toBe(200)
    server.options.fault = { status: 529 }
    expect(JSON.parse((await post(server, '/messages', { messages })).text)).toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error' },
    })
  })

  it('sends tokens when the test says so, and sees who hangs up', async () => {
    const tap = createTap()
    await using server = await googleServer({ answer: { pieces: ['a', 'b', 'c'], pace: tap.pace } })
    const stop = new AbortController()
    const response = await fetch(`${server.url}/models/m:streamGenerateContent?alt=sse`, {
      method: 'POST',
      body: '{}',
      signal: stop.signal,
    })
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    tap.release()
    expect((await reader.read()).value).toContain('"text":"a"')
    stop.abort()
    await expect(reader.read()).rejects.toThrow()
    await server.seen[0]?.over
    expect(server.seen[0]?.aborted).toBe(true)
  })

  it('cuts and breaks streams', async () => {
    await using server = await openaiServer({ answer: [{ text: 'one two', cutAfter: 1 }, { garbage: '<html>' }] })
    await expect(post(server, '/chat/completions', { stream: true, messages })).rejects.toThrow()
    expect((await post(server, '/chat/completions', { stream: true, messages })).text).toBe('<html>')
  })
})

it('puts texts with common words near each other', () => {
  const near = (one: string, other: string) =>
    hashedWords(one).reduce((sum, value, place) => sum + value * (hashedWords(other)[place] ?? 0), 0)
  expect(near('move a file', 'move the file')).toBeGreaterThan(near('move a file', 'weather in Graz'))
  expect(near('same', 'same')).toBeCloseTo(1)
})
