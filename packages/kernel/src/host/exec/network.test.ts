import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LifeOsError } from '@life-os/contract'
import type { CommandResult } from '@life-os/plugin-sdk'
import { createRedactor } from '../../secrets/index.ts'
import type { Secrets } from '../../secrets/types.ts'
import type { Lookup } from '../net/address.ts'
import { noSecrets } from '../net/credential.ts'
import { serveTest, trustCertificates } from '../proxy/testing.ts'
import type { Served } from '../proxy/testing.ts'
import type { TestHost, TestHostOptions } from '../testing.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench } from './testing.ts'

const CANARY = 'canary-51c0ffee9d27'
let bench: CommandBench
let site: Served
beforeEach(async () => {
  bench = await createCommandBench()
  site = await serveTest((request, response) => response.end(`hello ${request.url}\n`))
})
afterEach(async () => {
  await site[Symbol.asyncDispose]()
  await bench[Symbol.asyncDispose]()
})

const loopback: Lookup = async () => [{ address: '127.0.0.1', family: 4 }]
function hostFor(places: string[], ports: number[], options: TestHostOptions = {}): Promise<TestHost> {
  const nets = [...places, ...ports.map((port) => `127.0.0.1:${port}`)].map((resource) => ({ kind: 'net', resource }))
  const allowed = [
    { kind: 'exec', resource: 'sh' },
    { kind: 'exec', resource: 'curl' },
    { kind: 'secret.use', resource: 'forge' },
    { kind: 'fs.read', resource: bench.work },
    ...nets,
  ]
  return bench.host({ lookup: loopback, allowed, ...options })
}
const curl = (...args: string[]) => ({ program: 'curl', args: ['--silent', '--show-error', '--max-time', '10', ...args] })

describe('a command that reaches the network', () => {
  test('comes to its places by the proxy, and to nothing else', async () => {
    const place = `site.example:${site.port}`
    const host = await hostFor([place], [site.port])
    expect(await host.call('exec.run', { ...curl(`http://${place}/x`), network: [place] })).toMatchObject({ code: 0, stdout: 'hello /x\n' })
    expect(site.asked).toHaveLength(1)
    const refused = await host.call<CommandResult>('exec.run', { ...curl(`http://other.example:${site.port}/`), network: [place] })
    expect(refused.stdout).toMatch(/^Life-OS: other\.example:\d+ is not among the places/)
    const port = await host.call<CommandResult>('exec.run', { ...curl(`https://site.example:${site.port + 1}/`), network: [place] })
    expect([port.code, port.stderr]).toEqual([56, expect.stringContaining('403')])
    expect(site.asked).toHaveLength(1)
    expect(bench.leftovers()).toEqual([])
  })

  test('cannot go around the proxy', async () => {
    const place = `site.example:${site.port}`
    const host = await hostFor([place], [site.port])
    const outside = path.join(bench.work, 'door')
    const door = net.createServer((socket) => socket.end('reached'))
    await new Promise<void>((resolve) => door.listen(outside, resolve))
    const direct = [
      `curl -s --noproxy '*' --max-time 2 http://127.0.0.1:${site.port}/ && echo reached`,
      `curl -s --noproxy '*' --max-time 2 http://${place}/ && echo reached`,
      `curl -s --noproxy '*' --max-time 2 --unix-socket ${outside} http://x/ && echo reached`,
    ].join('; ')
    const mounts = [{ path: bench.work, access: 'read' }]
    expect(await host.call('exec.run', script(`${direct}; echo over`, { network: [place], mounts }))).toMatchObject({ stdout: 'over\n' })
    expect(await host.call('exec.run', script(`curl -s --max-time 2 http://${place}/ && echo reached; echo over`))).toMatchObject({
      stdout: 'over\n',
    })
    expect(site.asked).toEqual([])
    await new Promise((resolve) => door.close(resolve))
  })

  test('speaks TLS through it from end to end', async () => {
    fs.chmodSync(bench.work, 0o755)
    using certificate = trustCertificates(bench.work, ['secure.example'])
    await using secure = await serveTest((request, response) => response.end(`secure ${request.url}\n`), certificate)
    const place = `secure.example:${secure.port}`
    const host = await hostFor([place], [secure.port])
    const command = {
      ...curl('--cacert', certificate.authority, `https://${place}/y`),
      network: [place],
      mounts: [{ path: bench.work, access: 'read' }],
    }
    expect(await host.call('exec.run', command)).toMatchObject({ code: 0, stdout: 'secure /y\n' })
    expect(await host.call('exec.run', { ...command, args: curl(`https://${place}/y`).args })).toMatchObject({ code: 60 })
  })

  test('has a secret added outside its box, which it never sees', async () => {
    using certificate = trustCertificates(bench.root, ['forge.example'])
    await using forge = await serveTest((request, response) => response.end(`you sent ${request.headers.authorization}\n`), certificate)
    const place = `forge.example:${forge.port}`
    const redactor = createRedactor()
    redactor.know({ name: 'forge', values: [CANARY], hosts: [place] })
    const secrets = {
      ...noSecrets,
      use: async (name: string, asked: string) => {
        if (name !== 'forge' || asked !== place) throw new LifeOsError('secret-elsewhere', `${name} is not meant for ${asked}.`)
        return { kind: 'basic' as const, user: 'ada', value: CANARY }
      },
      redactor,
      redactorFor: () => redactor,
    } as unknown as Secrets // the part of it that a host uses
    const host = await hostFor([place, `site.example:${site.port}`], [forge.port, site.port], { secrets })
    const command = {
      ...script(
        `curl -s http://${place}/repo; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; curl -s http://site.example:${site.port}/`,
      ),
      network: [place, `site.example:${site.port}`],
      auth: [{ host: place, secret: 'forge' }],
    }
    const result = await host.call<CommandResult>('exec.run', command)
    expect(forge.asked).toMatchObject([{ line: 'GET /repo', authorization: `Basic ${Buffer.from(`ada:${CANARY}`).toString('base64')}` }])
    expect(result.stdout).toContain('you sent')
    const encoded = Buffer.from(`ada:${CANARY}`).toString('base64')
    for (const form of [CANARY, encoded]) expect(JSON.stringify([result, host.effects])).not.toContain(form)
    expect(site.asked).toMatchObject([{ authorization: undefined }])
    expect(host.effects).toMatchObject([{ change: { secrets: ['forge'], network: [place, `site.example:${site.port}`].toSorted() } }])
    const { services, recording } = host.preview()
    await services.handle('exec.run', [command], new AbortController().signal).catch(() => undefined)
    expect(recording.changes).toMatchObject([{ secrets: ['forge'] }])
    expect(forge.asked).toHaveLength(1)
  })

  test('is stopped with its connections', async () => {
    await using slow = await serveTest((_, response) => void response.write('begin\n'))
    const place = `slow.example:${slow.port}`
    const host = await hostFor([place], [slow.port])
    const stop = new AbortController()
    const services = host.real({ onOutput: () => stop.abort(new Error('stopped')) })
    await expect(services.handle('exec.run', [{ ...curl('-N', `http://${place}/`), network: [place] }], stop.signal)).rejects.toThrow(
      'stopped',
    )
    expect(bench.leftovers()).toEqual([])
  })
})
