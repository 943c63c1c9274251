import fs from 'node:fs'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSandbox } from '../../sandbox/index.ts'
import type { Sandbox } from '../../sandbox/types.ts'
import { temporaryFolder } from '../fixtures.ts'
import { serveTest, trustCertificates } from '../proxy/testing.ts'
import { createGitFetch } from './fetch-git.ts'
import type { GitFetchDependencies } from './fetch-git.ts'
import { answerWithGit, git, makeRepository } from './testing.ts'

let sandbox: Sandbox
let without: Sandbox
beforeAll(async () => {
  ;[sandbox, without] = await Promise.all([createSandbox(), createSandbox({ folders: ['/nonexistent'] })])
  expect([sandbox.isolation.level, without.isolation.level]).toEqual(['bubblewrap', 'permissions'])
})
afterAll(async () => void (await Promise.all([sandbox, without].map((one) => one[Symbol.asyncDispose]()))))

let root: string
let commit: string
beforeEach(() => {
  root = temporaryFolder()
  fs.chmodSync(root, 0o755)
  commit = makeRepository(path.join(root, 'served', 'guest'), { 'manifest.json': '{"id":"guest"}', 'src/index.ts': 'export {}' })
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const fetcher = (more: Partial<GitFetchDependencies> = {}) => createGitFetch({ home: path.join(root, 'home'), sandbox, ...more })
const textOf = (archive: Uint8Array): string => Buffer.from(archive).toString('latin1')
const served = () => path.join(root, 'served')
const PATH = '/guest/.git'

describe('over the network, in a box', () => {
  test('one commit comes over smart HTTP, by its branch or tag, from this machine by name or address', async () => {
    await using server = await serveTest((request, response) => answerWithGit(served(), request, response))
    git(path.join(served(), 'guest'), 'tag', 'v1')
    const fetch = fetcher()
    for (const url of [`http://localhost:${server.port}${PATH}`, `http://127.0.0.1:${server.port}${PATH}`]) {
      const { commit: had, archive } = await fetch({ url })
      expect(had).toBe(commit)
      expect(textOf(archive)).toContain('{"id":"guest"}')
    }
    expect(await fetch({ url: `http://localhost:${server.port}${PATH}`, ref: 'v1' })).toMatchObject({ commit })
    await expect(fetch({ url: `http://localhost:${server.port}${PATH}`, ref: 'v2' })).rejects.toMatchObject({
      code: 'plugin-fetch-failed',
      message: expect.stringContaining('v2') as string,
    })
  })

  test('over https, by the authorities that Life-OS trusts and no others', async () => {
    const certificates = path.join(root, 'certificates')
    fs.mkdirSync(certificates)
    let port: number
    {
      using trusted = trustCertificates(certificates, ['localhost'])
      await using server = await serveTest((request, response) => answerWithGit(served(), request, response), trusted)
      port = server.port
      expect(await fetcher()({ url: `https://localhost:${port}${PATH}` })).toMatchObject({ commit })
    }
    const pair = { key: fs.readFileSync(path.join(certificates, 'key.pem')), cert: fs.readFileSync(path.join(certificates, 'cert.pem')) }
    await using server = await serveTest((request, response) => answerWithGit(served(), request, response), pair)
    await expect(fetcher()({ url: `https://localhost:${server.port}${PATH}` })).rejects.toThrow(/certificate/)
    expect(server.asked).toEqual([])
  })

  test('a redirect to another host or port is not followed', async () => {
    await using elsewhere = await serveTest((request, response) => answerWithGit(served(), request, response))
    for (const host of ['localhost', '127.0.0.1']) {
      await using server = await serveTest((request, response) => {
        response.writeHead(302, { location: `http://${host}:${elsewhere.port}${request.url}` }).end()
      })
      for (const one of [sandbox, without])
        await expect(fetcher({ sandbox: one })({ url: `http://localhost:${server.port}${PATH}` })).rejects.toMatchObject({
          code: 'plugin-fetch-failed',
        })
      expect(server.asked.length).toBeGreaterThan(0)
    }
    expect(elsewhere.asked).toEqual([])
  })

  test('a redirect within the host is followed', async () => {
    await using server = await serveTest((request, response) => {
      if (!request.url?.startsWith('/old/')) return answerWithGit(served(), request, response)
      response.writeHead(301, { location: request.url.slice('/old'.length) }).end()
    })
    expect(await fetcher()({ url: `http://localhost:${server.port}/old${PATH}` })).toMatchObject({ commit })
  })

  test('a name that leads into a private network is refused before anything is asked', async () => {
    await using server = await serveTest((request, response) => answerWithGit(served(), request, response))
    const lookup = async () => [{ address: '127.0.0.1', family: 4 as const }]
    await expect(fetcher({ lookup })({ url: `https://plugins.example.org:${server.port}${PATH}` })).rejects.toMatchObject({
      code: 'plugin-fetch-failed',
      message: expect.stringContaining('private network') as string,
    })
    expect(server.asked).toEqual([])
  })

  test('the box is shown nothing of this machine: no credentials, no configuration, no other place', async () => {
    fs.writeFileSync(path.join(root, '.git-credentials'), 'http://ada:secret@localhost')
    await using server = await serveTest((_, response) => void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end())
    await expect(fetcher()({ url: `http://localhost:${server.port}${PATH}` })).rejects.toMatchObject({ code: 'plugin-fetch-failed' })
    expect(server.asked.map(({ authorization }) => authorization)).toEqual(server.asked.map(() => undefined))
  })
})

const packet = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text

/** Writes the same bytes for as long as anybody reads them. */
function writeForEver(response: ServerResponse, bytes: Buffer): void {
  const more = (): void => {
    while (!response.destroyed && response.write(bytes));
  }
  response.on('drain', more)
  more()
}

/** A pack that says how many objects follow, and never stops to send empty ones. */
function sendPack(response: ServerResponse, count: string): void {
  const band = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${(bytes.length + 5).toString(16).padStart(4, '0')}\x01`), bytes])
  response.write(band(Buffer.from(`PACK\0\0\0\x02${count}`, 'latin1')))
  writeForEver(response, band(Buffer.concat(Array.from({ length: 5000 }, () => Buffer.from('30789c030000000001', 'hex')))))
}

describe('a hostile server', () => {
  const limits = { traffic: 8 * 1024 ** 2, time: 20_000, memory: 256 }
  const leftovers = () => fs.readdirSync(path.join(root, 'tmp')).filter((name) => /^life-os-(box|exit)-/.test(name))
  let before: string | undefined
  beforeEach(() => {
    before = process.env['TMPDIR']
    fs.mkdirSync(path.join(root, 'tmp'), { mode: 0o755 })
    process.env['TMPDIR'] = path.join(root, 'tmp')
  })
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })

  test('an advertisement of names without an end', async () => {
    await using server = await serveTest((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
      response.write(`${packet('# service=git-upload-pack\n')}0000`)
      const names = Array.from({ length: 1000 }, (_one, at) => packet(`${'a'.repeat(40)} refs/heads/${at}\n`)).join('')
      writeForEver(response, Buffer.from(names))
    })
    await expect(fetcher({ limits })({ url: `http://localhost:${server.port}${PATH}` })).rejects.toThrow(/outstanding|too large|disconnect/)
    expect(leftovers()).toEqual([])
  })

  test.each([
    ['without an end', '\0\x3f\xff\xff', /outstanding|disconnect|early EOF|invalid index-pack output/],
    ['of more objects than memory can count', '\x7f\xff\xff\xff', /memory/],
  ])('a pack %s', async (_, count, reason) => {
    await using server = await serveTest((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
        const names = [`${'a'.repeat(40)} HEAD\0shallow side-band-64k\n`, `${'a'.repeat(40)} refs/heads/main\n`]
        return void response.end(`${packet('# service=git-upload-pack\n')}0000${names.map(packet).join('')}0000`)
      }
      let asked = ''
      request.on('data', (chunk: Buffer) => (asked += chunk.toString()))
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-result' })
        const shallow = `${packet(`shallow ${'a'.repeat(40)}`)}0000`
        if (!asked.includes('done')) return void response.end(shallow) // the first of two rounds
        response.write(`${shallow}${packet('NAK\n')}`)
        sendPack(response, count)
      })
    })
    await expect(fetcher({ limits })({ url: `http://localhost:${server.port}${PATH}` })).rejects.toThrow(reason)
    expect(server.asked.filter(({ line }) => line.startsWith('POST'))).toHaveLength(2)
    expect(leftovers()).toEqual([])
  })

  test('an answer that never comes', async () => {
    await using server = await serveTest(() => undefined)
    await expect(fetcher({ limits: { ...limits, time: 1500 } })({ url: `http://localhost:${server.port}${PATH}` })).rejects.toThrow(
      /took longer/,
    )
    expect(leftovers()).toEqual([])
  })

  test('files that unpack to more than is taken', async () => {
    const big = path.join(served(), 'big')
    makeRepository(big, { a: 'a'.repeat(30_000_000) })
    await using server = await serveTest((request, response) => answerWithGit(served(), request, response))
    const url = `http://localhost:${server.port}/big/.git`
    await expect(fetcher({ limits: { ...limits, files: 10 * 1024 ** 2 } })({ url })).rejects.toThrow(/more than 10 MiB/)
    expect((await fetcher()({ url })).archive.length).toBeGreaterThan(30_000_000)
  })
})

describe('from a folder of this machine', () => {
  const urlOf = (folder: string) => `file://${folder}`

  test.each([
    ['in a box', () => sandbox],
    ['without one', () => without],
  ])('%s, whoever may read it', async (_, which) => {
    const repository = path.join(served(), 'guest')
    const fetch = fetcher({ sandbox: which() })
    expect(await fetch({ url: urlOf(repository) })).toMatchObject({ commit })
    fs.chmodSync(path.join(repository, '.git', 'config'), 0o600)
    fs.chmodSync(served(), 0o700)
    expect(await fetch({ url: urlOf(repository) })).toMatchObject({ commit })
  })

  test('what it borrows from elsewhere is not shown to the box', async () => {
    const borrower = path.join(root, 'borrower')
    git(root, 'clone', '--quiet', '--shared', path.join(served(), 'guest'), borrower)
    expect(await fetcher({ sandbox: without })({ url: urlOf(borrower) })).toMatchObject({ commit })
    await expect(fetcher()({ url: urlOf(borrower) })).rejects.toMatchObject({ code: 'plugin-fetch-failed' })
  })

  test('a folder that is no repository is not shown at all', async () => {
    await expect(fetcher()({ url: urlOf(root) })).rejects.toThrow(/no git repository/)
    await expect(fetcher()({ url: urlOf(`${root}/nothing`) })).rejects.toThrow(/no git repository/)
  })
})
