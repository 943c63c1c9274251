import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { openBench } from '../plugins/testing.ts'
import { buildPlugins } from '../../../../tools/build/plugins.ts'
import { PLUGIN_BOMBS, pluginRows } from './escapes/plugin.ts'
import { openFolder, openSandbox, processesWith } from './testing.ts'

const sandbox = await openSandbox()
const boxes = sandbox.isolation.level === 'bubblewrap'
const place = {
  root: fileURLToPath(new URL('./fixtures', import.meta.url)),
  out: fileURLToPath(new URL('../../../../dist/fixtures/sandbox', import.meta.url)),
}
await buildPlugins(place)
const bench = await openBench({ spawn: sandbox.spawnPlugin, builds: [place.out] })

const folder = openFolder()
const secret = path.join(folder.path, 'secret.mjs')
writeFileSync(secret, 'export const secret = true')
const outside = spawn('sleep', ['3000'], { stdio: 'ignore' })
let visitors = 0
const server = createServer(() => visitors++)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port: tcp } = server.address() as AddressInfo // of TCP
const attempt = (code: string) => bench.call('escape.try', { code })
const inBox = () => processesWith('/life-os/plugins/escape')

afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await sandbox[Symbol.asyncDispose]()
  outside.kill('SIGKILL')
  server.close()
  folder[Symbol.dispose]()
})

describe.runIf(boxes)('a plugin’s own code cannot', () => {
  test.each(pluginRows({ secret, pid: outside.pid!, tcp }))('$name: $reason', async ({ code, reason }) => {
    expect(await attempt(code)).toBe(reason)
  })

  test('have reached anything of this', () => {
    expect(visitors).toBe(0)
    expect(outside.exitCode).toBeNull()
  })

  test('be made to open its inspector by a signal', async () => {
    await attempt('return')
    const node = inBox().at(-1)!
    process.kill(node, 'SIGUSR1')
    expect(await attempt('throw Error(String(process.exitCode))')).toBe('undefined') // it goes on, and listens nowhere
  })
})

describe.runIf(boxes)('a plugin that takes more than its share of', () => {
  test.each(PLUGIN_BOMBS)(
    '$name ends alone, with all of its box',
    async ({ code, message, groups }) => {
      if (groups === true && !sandbox.isolation.cgroup) return // nothing counts the box as a whole: docs/decisions/0008
      await bench.plugins.enable('escape') // five crashes have put it away
      await expect(attempt(code)).rejects.toMatchObject({ code: 'plugin-crashed', message: expect.stringMatching(message) as string })
      expect(inBox()).toEqual([])
    },
    60_000,
  )

  test('the processor is ended when it does not answer', async () => {
    await bench.plugins.enable('escape')
    await attempt('return')
    const control = new AbortController()
    const busy = bench.call('escape.try', { code: 'for (;;);' }, { signal: control.signal })
    busy.catch(() => undefined)
    control.abort()
    await vi.waitFor(() => {
      bench.timers.advance(2000)
      expect(inBox()).toEqual([])
    })
    await expect(busy).rejects.toMatchObject({ code: 'call-revoked' })
  })

  test('the server’s patience: it goes with a server that is killed', async () => {
    const index = new URL('./index.ts', import.meta.url).href
    const options = {
      runtime: path.join(place.out, 'sdk', 'runtime.js'),
      folder: path.join(folder.path, 'busy'),
      entry: 'index.js',
      memory: 64,
    }
    const program = `const { createSandbox } = await import(${JSON.stringify(index)})
      const { mkdirSync, writeFileSync } = await import('node:fs')
      mkdirSync(${JSON.stringify(options.folder)})
      writeFileSync(${JSON.stringify(path.join(options.folder, 'index.js'))}, 'process.stdout.write("up"); for (;;);')
      writeFileSync(${JSON.stringify(path.join(options.folder, 'package.json'))}, '{"type":"module"}')
      const sandbox = await createSandbox()
      sandbox.spawnPlugin(${JSON.stringify(options)}).stdout.once('data', () => console.log('up'))`
    const helper = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => helper.stdout.once('data', resolve))
    expect(processesWith('/life-os/plugins/busy').length).toBeGreaterThan(0)
    helper.kill('SIGKILL')
    await vi.waitFor(() => expect(processesWith('/life-os/plugins/busy')).toEqual([]), { timeout: 10_000 })
  })
})
