import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { freshPlace } from '../store/testing.ts'
import { installed, openBench } from './testing.ts'

/** The programs themselves: a distribution's script around one reads settings that no box has. */
const chromium = ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome'].find((path) => fs.existsSync(path))

let sandbox: Sandbox
let npm: ReturnType<typeof installed>
beforeAll(async () => {
  sandbox = await createSandbox()
  npm = installed('@playwright/mcp')
}, 120_000)
afterAll(async () => {
  await sandbox?.[Symbol.asyncDispose]()
  npm?.[Symbol.dispose]()
}, 120_000)

test.skipIf(!chromium)(
  "Playwright's server drives the system's Chromium in its box, and reaches the one place it was given (skipped without Chromium)",
  { timeout: 120_000 },
  async () => {
    const asked: string[] = []
    const site = http.createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Shop</title><h1>Bread and butter</h1>')
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const { port } = site.address() as AddressInfo // a TCP server has a port
    await using home = await freshPlace('sqlite')
    await using bench = await openBench(home, sandbox)
    await bench.accepted({
      id: 'browser',
      timeout: 90_000,
      transport: {
        kind: 'stdio',
        command: 'node',
        args: [
          npm.entries[0] ?? '',
          '--headless',
          '--isolated',
          '--no-sandbox',
          '--executable-path',
          chromium ?? '',
          '--proxy-server',
          'http://127.0.0.1:3128',
          '--proxy-bypass',
          '<-loopback>',
          '--output-dir',
          '/work',
        ],
        env: {},
        secretEnv: {},
        mounts: [{ path: npm.folder, access: 'read' }],
        network: [`127.0.0.1:${port}`],
      },
    })
    const ask = async (tool: string, input: object) => {
      let run = await bench.call(`mcp-browser.${tool}`, input)
      for (let questions = 0; run.state === 'waiting' && questions < 4; questions += 1) run = await bench.approve(run)
      return run
    }
    const opened = await ask('browser-navigate', { url: `http://127.0.0.1:${port}/page` })
    expect((await bench.output(opened)).text + bench.mcp.get('browser').log.join('\n')).toContain('Shop')
    expect((await bench.output(await ask('browser-snapshot', {}))).text).toContain('Bread and butter')
    expect(opened.labels).toContain('untrusted')
    expect(asked).toContain('/page')
    const before = asked.length
    const elsewhere = await ask('browser-navigate', { url: 'http://127.0.0.1:1/' })
    expect(elsewhere.error?.code ?? (await bench.output(elsewhere)).text).toMatch(/mcp-tool-failed|Forbidden|ERR_/)
    expect(asked.length).toBe(before)
    await new Promise((resolve) => site.close(resolve))
  },
)
