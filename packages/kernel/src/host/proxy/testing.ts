import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import http from 'node:http'
import type { RequestListener } from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import path from 'node:path'
import tls from 'node:tls'

export interface Served extends AsyncDisposable {
  readonly port: number
  /** Requests as they came: method, address, and the headers that matter here. */
  readonly asked: { line: string; host: string | undefined; authorization: string | undefined; headers: http.IncomingHttpHeaders }[]
}

/** A certificate authority of one test, trusted by this process until disposed. */
export function trustCertificates(folder: string, names: readonly string[]): { key: Buffer; cert: Buffer; authority: string } & Disposable {
  const file = (name: string): string => path.join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' })
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=Test CA',
  )
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('csr.pem'), '-subj', `/CN=${names[0]}`)
  fs.writeFileSync(file('san.txt'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`)
  openssl(
    'x509', '-req', '-in', file('csr.pem'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial',
    '-out', file('cert.pem'), '-days', '2', '-extfile', file('san.txt'),
  ) // prettier-ignore
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, fs.readFileSync(file('ca.pem'), 'utf8')])
  return {
    key: fs.readFileSync(file('key.pem')),
    cert: fs.readFileSync(file('cert.pem')),
    authority: file('ca.pem'),
    [Symbol.dispose]: () => tls.setDefaultCACertificates(before),
  }
}

/** A real server on loopback; with a certificate it speaks TLS. */
export async function serveTest(answer: RequestListener, certificate?: { key: Buffer; cert: Buffer }): Promise<Served> {
  const asked: Served['asked'] = []
  const listener: RequestListener = (request, response) => {
    const { host, authorization } = request.headers
    asked.push({ line: `${request.method} ${request.url}`, host, authorization, headers: request.headers })
    answer(request, response)
  }
  const server: Server & { closeAllConnections(): void } = certificate
    ? https.createServer(certificate, listener)
    : http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has a port
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
