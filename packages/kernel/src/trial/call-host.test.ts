import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Need, ToolDescription } from '@life-os/contract'
import { expect, test } from 'vitest'
import { serveCall } from './index.ts'

const signal = new AbortController().signal
// What a host looks at of a tool.
const tool = { plugin: 'guest', version: '1.0.0', id: 'guest.tool', effect: 'read', reversal: 'none' } as unknown as ToolDescription

test('a call outside of any run says what of its data is private or from outside, and takes it to no place nobody named', async () => {
  await using stack = new AsyncDisposableStack()
  const server = createServer((_, response) => response.end('hello'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => void server.close())
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}` // a TCP server has a port
  const secrets = [{ name: 'api', kind: 'token' as const, value: 'canary-of-an-example', hosts: [place] }]
  const request = (needs: readonly Need[]) => Promise.resolve(needs)
  const allowed = [
    { kind: 'secret.read', resource: 'api' },
    { kind: 'net', resource: place },
    { kind: 'net', resource: 'localhost:*' },
  ]
  const host = stack.use(
    await serveCall({ tool, phase: 'run', allowed, request, settings: {}, secrets, within: '/nowhere', commands: false }),
  )
  expect(host.labels()).toEqual([])
  expect(await host.handle('secrets.read', ['api'], signal)).toBe('canary-of-an-example')
  await expect(host.handle('net.fetch', ['http://localhost:1/'], signal)).rejects.toMatchObject({ code: 'private-not-allowed' })
  await host.handle('net.fetch', [`http://${place}/`], signal)
  expect(host.labels()).toEqual([
    { label: 'private', from: 'secret api' },
    { label: 'untrusted', from: `http://${place}` },
  ])
})
