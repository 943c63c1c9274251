import { describe, expect, it } from 'vitest'
import { ask, failure, MOVE, never, pair } from '../fixtures.ts'
import { createTap } from '../../testing/index.ts'
import { contextFor } from './chat.ts'

describe('models of Ollama', () => {
  it('tells what each can do, how much it takes in and what it needs', async () => {
    const models = [
      {
        name: 'qwen3:8b',
        capabilities: ['completion', 'tools', 'thinking'] as const,
        context: 40_960,
        size: 5_200_000_000,
        parameters: '8.2B',
      },
      { name: 'gemma3:latest', capabilities: ['completion', 'vision'] as const },
      { name: 'nomic-embed-text:latest', capabilities: ['embedding'] as const },
    ]
    await using both = await pair('ollama', { models })
    const listed = await both.client.models(never())
    expect(listed[0]).toEqual({
      ref: 'test/qwen3:8b',
      provider: 'test',
      name: 'qwen3:8b',
      title: 'qwen3:8b',
      local: true,
      capabilities: ['text', 'structured', 'tools'],
      context: 40_960,
      size: 5_200_000_000,
      memory: 6_500_000_000,
      parameters: '8.2B',
    })
    expect(listed.map((model) => model.capabilities)).toEqual([
      ['text', 'structured', 'tools'],
      ['text', 'structured', 'vision'],
      ['embed'],
    ])
    expect(listed[1]?.title).toBe('gemma3')
  })

  it.each(['gpt-oss:120b-cloud', 'glm-4.6:cloud', 'mine:latest'])('knows that %s runs elsewhere', async (name) => {
    const remote = name === 'mine:latest' ? { remoteHost: 'https://ollama.com:443' } : {}
    await using both = await pair('ollama', { models: [{ name, ...remote }, 'cloudy:7b'] })
    const listed = await both.client.models(never())
    expect(listed.map((model) => model.local)).toEqual([false, true])
    expect(both.client.local).toBe(true)
  })

  it.each(['missing', 'empty'] as const)('takes no word on where one runs (%s) for no word that it runs here', async (untold) => {
    await using both = await pair('ollama', { models: [{ name: 'mine:latest', untold }, 'plain:7b'] })
    const listed = await both.client.models(never())
    expect(listed.map((model) => model.local)).toEqual([false, true])
    expect(listed[0]?.capabilities).toContain('text')
  })

  it('asks for the same model once', async () => {
    await using both = await pair('ollama', { models: ['a', 'b'] })
    await both.client.models(never())
    await both.client.models(never())
    expect(both.server.seen.filter((entry) => entry.path === '/api/show')).toHaveLength(2)
  })
})

describe('the store of Ollama', () => {
  it('pulls with progress, shows and removes', async () => {
    await using both = await pair('ollama', { models: [], library: ['qwen3:4b'] })
    const notes: { message: string; done: number; of: number | null }[] = []
    await both.client.store?.pull('qwen3:4b', (note) => notes.push(note), never())
    expect(notes[0]).toEqual({ message: 'pulling manifest', done: 0, of: null })
    expect(notes.map((note) => note.done)).toEqual([0, 1e6, 2e6, 3e6, 4e6, 4e6, 4e6, 4e6])
    expect(notes.at(-1)).toEqual({ message: 'success', done: 4e6, of: 4e6 })
    expect(await both.client.store?.show('qwen3:4b', never())).toMatchObject({
      details: { family: 'qwen3', capabilities: ['completion', 'tools'], parameters: 'temperature 0.7' },
      license: 'Apache License 2.0',
      template: '{{ .Prompt }}',
    })
    await both.client.store?.remove('qwen3:4b', never())
    expect(await both.client.models(never())).toEqual([])
    expect(await failure(both.client.store!.remove('qwen3:4b', never()))).toMatchObject({ code: 'model-missing' })
  })

  it('says that there is no such model', async () => {
    await using both = await pair('ollama', { library: [] })
    expect(await failure(both.client.store!.pull('nothing', () => undefined, never()))).toMatchObject({
      code: 'model-missing',
      class: 'user',
    })
  })

  it('stops a pull', async () => {
    const tap = createTap()
    await using both = await pair('ollama', { pullPace: tap.pace })
    const stop = new AbortController()
    const pull = both.client.store!.pull('big', () => stop.abort(new Error('enough')), stop.signal)
    tap.release(2)
    await expect(pull).rejects.toThrow('enough')
    await both.server.seen[0]?.over
    expect(both.server.seen[0]?.aborted).toBe(true)
    expect(await both.client.models(never())).toEqual([])
  })
})

describe('a chat with Ollama', () => {
  it('says how large the context must be, within what the model has', async () => {
    await using both = await pair('ollama', { models: [{ name: 'm', context: 20_000 }], answer: 'ok' })
    await both.client.generate(ask('short', { maxTokens: 100 }), { signal: never() })
    await both.client.generate(ask('x'.repeat(400_000), { maxTokens: 100 }), { signal: never() })
    expect(both.server.asked.map((asked) => asked.body)).toMatchObject([{ options: { num_ctx: 8192 } }, { options: { num_ctx: 20_000 } }])
    expect(contextFor(10_000, null)).toBe(16_384)
  })

  it('leaves tools out where none may be called', async () => {
    await using both = await pair('ollama', { answer: 'ok' })
    await both.client.generate(ask('hi', { tools: [MOVE], toolChoice: 'none' }), { signal: never() })
    expect(both.server.asked[0]?.tools).toEqual([])
  })

  it('takes no file that it cannot read', async () => {
    await using both = await pair('ollama', { answer: 'ok' })
    const content = [{ type: 'file' as const, blob: 'b', mime: 'application/pdf' }]
    const error = await failure(both.client.generate(ask('', { messages: [{ role: 'user', content }] }), { signal: never() }))
    expect(error).toMatchObject({ code: 'model-bad-request', applied: 'no' })
  })
})
