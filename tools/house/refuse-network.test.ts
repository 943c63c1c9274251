import { execFile } from 'node:child_process'
import dns from 'node:dns'
import http from 'node:http'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

// An address that is reserved for documentation (RFC 5737): nothing answers there, so a try that got out would hang, not fail.
const outside = '192.0.2.1'
const server = http.createServer((_request, response) => response.end('hello'))
let port: number

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port // a server on TCP has this form of address
})
afterAll(() => void server.close())

function failureOf(socket: net.Socket): Promise<NodeJS.ErrnoException> {
  return new Promise((resolve, reject) => {
    socket.on('error', resolve)
    socket.on('connect', () => reject(new Error('connected')))
  })
}

test('a server on this machine is reached', async () => {
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hello')
})

test.each([
  ['port and host', () => net.connect(80, outside)],
  ['options', () => net.connect({ port: 80, host: outside })],
  ['a socket of its own', () => new net.Socket().connect(80, outside)],
  ['TLS', () => tls.connect({ port: 443, host: outside })],
])('a connection to another machine is refused: %s', async (_form, connect) => {
  expect((await failureOf(connect())).message).toContain('tests may only use this machine')
})

test('fetch to another machine is refused', async () => {
  const failure: unknown = await fetch(`http://${outside}/`).catch((error: unknown) => error)
  expect(failure).toHaveProperty('cause.code', 'ENETUNREACH')
})

test('names of other machines do not resolve', async () => {
  await expect(dns.promises.lookup('example.org')).rejects.toHaveProperty('code', 'ENOTFOUND')
  expect((await dns.promises.lookup('localhost')).address).toMatch(/^(127\.0\.0\.1|::1)$/)
})

test('a Node program that a test starts is refused as well', async () => {
  const program = `require('net').connect(80, '${outside}').on('error', (error) => console.log(error.code))`
  expect((await promisify(execFile)(process.execPath, ['-e', program])).stdout.trim()).toBe('ENETUNREACH')
})
