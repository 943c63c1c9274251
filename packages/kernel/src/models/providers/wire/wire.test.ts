import { describe, expect, it } from 'vitest'
import type { ProviderKind } from '@life-os/contract'
import { createProvider } from '../index.ts'
import { ask, failure, never } from '../fixtures.ts'
import { ollamaServer, openaiServer } from '../../testing/index.ts'
import { addressOf } from './address.ts'
import { retryAfterOf } from './retry-after.ts'

const at = (kind: ProviderKind, url?: string) => addressOf({ id: 'p', kind, name: 'P', enabled: true, ...(url !== undefined && { url }) })

describe('an address', () => {
  it.each([
    ['http://127.0.0.1:11434', true],
    ['http://localhost:1234/v1', true],
    ['http://[::1]:8080', true],
    ['http://127.1:80', true],
    ['http://0x7f.0.0.1', true],
    ['http://2130706433', true],
    ['http://localhost.evil.example', false],
    ['http://127.0.0.1.evil.example', false],
    ['http://my-box.local:1234', false],
    ['http://192.168.1.5:1234', false],
    ['http://0.0.0.0:1234', false],
    ['http://[::ffff:10.0.0.1]', false],
    ['https://api.example.com', false],
  ])('%s is on this machine: %s', (url, local) => {
    expect(at('openai-compatible', url).local).toBe(local)
    expect(at('anthropic', url).local).toBe(false)
  })

  it.each([
    ['ollama', undefined, 'http://127.0.0.1:11434', '127.0.0.1:11434'],
    ['ollama', 'http://localhost:11434/v1/', 'http://localhost:11434', 'localhost:11434'],
    ['openai-compatible', 'http://localhost:1234', 'http://localhost:1234/v1', 'localhost:1234'],
    ['openai-compatible', 'https://host/api/v3/', 'https://host/api/v3', 'host:443'],
    ['openai', undefined, 'https://api.openai.com/v1', 'api.openai.com:443'],
    ['anthropic', undefined, 'https://api.anthropic.com/v1', 'api.anthropic.com:443'],
    ['google', undefined, 'https://generativelanguage.googleapis.com/v1beta', 'generativelanguage.googleapis.com:443'],
  ] as const)('of %s at %s', (kind, url, base, place) => {
    expect(at(kind, url)).toMatchObject({ base, place })
  })

  it.each(['file:///etc/passwd', 'http://user:word@host', 'https://host/v1?key=abc'])('is not %s', (url) => {
    expect(() => at('openai', url)).toThrow(expect.objectContaining({ code: 'model-bad-request' }))
  })
})

it.each([
  [{ 'retry-after': '3' }, 3000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 30_000],
  [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:00 GMT' }, 0],
  [{ 'retry-after': '9', 'retry-after-ms': '250' }, 250],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '-1' }, undefined],
  [{}, undefined],
])('waits as %o says', (headers, milliseconds) => {
  expect(retryAfterOf(new Headers(headers), Date.UTC(2026, 9, 21, 7, 28, 0))).toBe(milliseconds)
})

describe('a key', () => {
  it('is asked for its place at each request, and only then', async () => {
    await using server = await openaiServer({ answer: 'hi' })
    const asked: string[] = []
    const config = { id: 'p', kind: 'openai' as const, name: 'P', url: server.url, secret: 'openai-key', enabled: true }
    const secret = async (name: string, place: string) => `${name}-${asked.push(`${name} ${place}`)}`
    const client = createProvider(config, { secret, now: Date.now })
    expect(asked).toEqual([])
    for (const _ of [1, 2]) await client.generate(ask('hi'), { signal: never() })
    expect(asked).toEqual([`openai-key ${server.place}`, `openai-key ${server.place}`])
    expect(server.seen.map((entry) => entry.headers.authorization)).toEqual(['Bearer openai-key-1', 'Bearer openai-key-2'])
  })

  it('that is missing sends nothing to a vendor', async () => {
    const fetch = () => expect.fail('something was sent')
    const client = createProvider(
      { id: 'p', kind: 'openai', name: 'OpenAI', enabled: true },
      { secret: async () => '', fetch, now: Date.now },
    )
    expect(await failure(client.generate(ask('hi'), { signal: never() }))).toMatchObject({ code: 'model-unauthorised', applied: 'no' })
  })

  it('is not sent to a server that needs none', async () => {
    await using server = await ollamaServer({ answer: 'hi' })
    const client = createProvider(
      { id: 'p', kind: 'ollama', name: 'P', url: server.url, enabled: true },
      { secret: async () => expect.fail('asked'), now: Date.now },
    )
    await client.generate(ask('hi'), { signal: never() })
    expect(server.seen.every((entry) => entry.headers.authorization === undefined)).toBe(true)
  })

  it('is not taken from the environment', async () => {
    await using server = await openaiServer({ answer: 'hi' })
    const before = process.env['OPENAI_API_KEY']
    process.env['OPENAI_API_KEY'] = 'from-the-environment'
    try {
      const client = createProvider(
        { id: 'p', kind: 'openai', name: 'P', url: server.url, enabled: true },
        { secret: async () => '', now: Date.now },
      )
      await client.generate(ask('hi'), { signal: never() })
      expect(JSON.stringify(server.seen[0]?.headers)).not.toMatch(/from-the-environment|placed-by-the-transport/)
    } finally {
      if (before === undefined) delete process.env['OPENAI_API_KEY']
      else process.env['OPENAI_API_KEY'] = before
    }
  })
})
