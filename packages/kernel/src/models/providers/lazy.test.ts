import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = `
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  const { createProvider } = await import(process.argv[1])
  const { openaiServer } = await import(process.argv[2])
  const heavy = () => loaded.filter((url) => /node_modules\\/(@ai-sdk|undici|ai)\\//.test(url)).length
  await using server = await openaiServer({ answer: 'hi' })
  const config = { id: 'p', kind: 'openai-compatible', name: 'P', url: server.url, enabled: true }
  const client = createProvider(config, { secret: async () => '', now: Date.now })
  const before = heavy()
  const request = { name: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }], tools: [], toolChoice: 'auto', maxTokens: 9 }
  await client.generate(request, { signal: new AbortController().signal })
  const kinds = new Set(loaded.flatMap((url) => /@ai-sdk\\/([a-z-]+)\\//.exec(url)?.[1] ?? []))
  console.log(JSON.stringify({ before, after: heavy() > 0, others: ['openai', 'anthropic', 'google'].filter((kind) => kinds.has(kind)) }))
`

it('loads the library of its own kind alone, at the first call', async () => {
  const files = ['./index.ts', '../testing/index.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url)))
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program, ...files])
  expect(JSON.parse(stdout)).toEqual({ before: 0, after: true, others: [] })
})
