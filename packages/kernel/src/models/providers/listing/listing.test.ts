import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { clientOf, failure, KEY, never, pair } from '../fixtures.ts'
import { capabilitiesByName } from './capabilities.ts'

it('lists what OpenAI serves that can be used', async () => {
  const models = ['gpt-5-mini', 'gpt-4o', 'text-embedding-3-small', 'whisper-1', 'omni-moderation-latest', 'gpt-image-1']
  await using both = await pair('openai', { models, key: KEY })
  const listed = await both.client.models(never())
  expect(listed.map((model) => [model.name, model.capabilities.join(' '), model.context, model.local])).toEqual([
    ['gpt-5-mini', 'text tools structured vision', 400_000, false],
    ['gpt-4o', 'text tools structured vision', 128_000, false],
    ['text-embedding-3-small', 'embed', 8_191, false],
    ['whisper-1', 'transcribe', null, false],
    ['gpt-image-1', 'image', null, false],
  ])
})

it('lists Anthropic and Google', async () => {
  await using claude = await pair('anthropic', { models: ['claude-sonnet-4-5'], key: KEY })
  expect(await claude.client.models(never())).toMatchObject([
    { ref: 'test/claude-sonnet-4-5', capabilities: ['text', 'tools', 'structured', 'vision'], context: 200_000, local: false },
  ])
  await using gemini = await pair('google', {
    models: ['gemini-2.5-flash', { name: 'gemini-embedding-001', capabilities: ['embedding'] }],
    key: KEY,
  })
  expect(await gemini.client.models(never())).toMatchObject([
    { name: 'gemini-2.5-flash', capabilities: ['text', 'tools', 'structured', 'vision'], context: 1_048_576 },
    { name: 'gemini-embedding-001', capabilities: ['embed'] },
  ])
})

it('refuses to list without the right key', async () => {
  await using both = await pair('google', { key: 'another' })
  expect(await failure(both.client.models(never()))).toMatchObject({ code: 'model-unauthorised', applied: 'no' })
})

it('takes what LM Studio, vLLM and llama.cpp tell beside', async () => {
  const lists: Record<string, unknown> = {
    '/v1/models': {
      data: [
        { id: 'qwen2.5-vl-7b', owned_by: 'organization_owner' },
        { id: 'served-by-vllm', owned_by: 'vllm', max_model_len: 16_384 },
        { id: 'gguf', owned_by: 'llamacpp', meta: { n_ctx_train: 32_768, n_params: 7_615_616_512, size: 4_600_000_000 } },
        { id: 'gpt-oss:20b-cloud' },
        null,
        'nonsense',
      ],
    },
    '/api/v0/models': { data: [{ id: 'qwen2.5-vl-7b', type: 'vlm', max_context_length: 128_000, capabilities: ['tool_use'] }] },
  }
  const server = createServer((request, response) => response.end(JSON.stringify(lists[request.url ?? ''] ?? {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const client = clientOf('openai-compatible', `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
  try {
    expect(await client.models(never())).toMatchObject([
      { name: 'qwen2.5-vl-7b', capabilities: ['text', 'structured', 'tools', 'vision'], context: 128_000, local: true },
      { name: 'served-by-vllm', capabilities: ['text', 'structured'], context: 16_384 },
      { name: 'gguf', context: 32_768, size: 4_600_000_000, parameters: '7.6B' },
      { name: 'gpt-oss:20b-cloud', local: false },
    ])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

it.each([
  ['openai', 'gpt-4o-realtime-preview', ''],
  ['openai', 'o4-mini', 'text tools structured vision'],
  ['openai-compatible', 'bge-m3', 'embed'],
  ['openai-compatible', 'BAAI/bge-reranker-v2-m3', 'rerank'],
  ['ollama', 'llava:7b', 'text vision structured'],
  ['ollama', 'mistral-small3.2', 'text tools structured'],
] as const)('infers by name what %s %s can do', (kind, name, capabilities) => {
  expect(capabilitiesByName(kind, name).join(' ')).toBe(capabilities)
})
