import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../fixtures.ts'
import { createTestHost } from '../testing.ts'

const hasOpenssl = ((): boolean => {
  try {
    return execFileSync('openssl', ['version']).length > 0
  } catch {
    return false
  }
})()

test.skipIf(!hasOpenssl)(
  'https goes to the pinned address, names the host it means, and refuses who cannot prove it (skipped without openssl)',
  async () => {
    const folder = temporaryFolder()
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')]
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '1', '-subj', '/CN=secure.example'],
      { stdio: 'ignore' },
    )
    const names: string[] = []
    const server = https.createServer(
      { key: fs.readFileSync(key), cert: fs.readFileSync(cert), SNICallback: (name, done) => (names.push(name), done(null)) },
      (_, response) => response.end('never'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo // a TCP server has a port
    const allowed = [`secure.example:${port}`, `127.0.0.1:${port}`].map((resource) => ({ kind: 'net', resource }))
    const host = await createTestHost(folder, { allowed, lookup: async () => [{ address: '127.0.0.1', family: 4 }] })
    await expect(host.call('net.fetch', `https://secure.example:${port}/`)).rejects.toMatchObject({ code: 'tls-invalid', applied: 'no' })
    await expect(host.call('net.fetch', `https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'tls-invalid' })
    expect(names).toEqual(['secure.example'])
    await host[Symbol.asyncDispose]()
    await new Promise((resolve) => server.close(resolve))
    fs.rmSync(folder, { recursive: true })
  },
)
