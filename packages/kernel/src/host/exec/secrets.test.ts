import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandResult } from '@life-os/plugin-sdk'
import { createRedactor } from '../../secrets/index.ts'
import type { Secrets } from '../../secrets/types.ts'
import { noSecrets } from '../net/credential.ts'
import type { TestHost } from '../testing.ts'
import { createLiveOutput } from './output.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench } from './testing.ts'

const CANARY = 'canary-7d19e0b2aa44'
const redactor = createRedactor()
redactor.know({ name: 'door', values: [CANARY] })
const secrets = { ...noSecrets, redactor, redactorFor: () => redactor } as unknown as Secrets // the part of it that a host uses
const signal = new AbortController().signal

let bench: CommandBench
let host: TestHost
beforeEach(async () => {
  bench = await createCommandBench()
  bench.write({ 'key.txt': CANARY })
  const allowed = [
    { kind: 'exec', resource: 'sh' },
    { kind: 'exec', resource: 'cat' },
    { kind: 'fs.write', resource: `${bench.work}/**` },
  ]
  host = await bench.host({ secrets, allowed })
})
afterEach(() => bench[Symbol.asyncDispose]())

/** The value in two writes to each stream, which come as two chunks. */
const TWICE = [CANARY.slice(0, 9), CANARY.slice(9)].map((half) => `printf ${half}; printf ${half} >&2`).join('; sleep 0.3; ')

describe('a known secret that a command says', () => {
  test.each([
    ['exec.run', () => ({})],
    ['exec.view', () => ({ folder: bench.work })],
    ['exec.compute', () => ({})],
  ])('%s: is neither in its result nor shown live, cut over two writes', async (service, more) => {
    const shown = { stdout: '', stderr: '' }
    const services = host.real({ onOutput: ({ stream, text }) => void (shown[stream] += text) })
    const result = (await services.handle(service, [script(TWICE, more())], signal)) as CommandResult
    expect(result).toMatchObject({ code: 0, stdout: '[secret:door]', stderr: '[secret:door]' })
    expect(shown).toEqual({ stdout: '[secret:door]', stderr: '[secret:door]' })
  })

  test('is not kept with a view either', async () => {
    await host.call('exec.view', script('cat key.txt; echo more > new.txt', { folder: bench.work }))
    const folder = path.join(host.home, 'views')
    const kept = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'))
    expect(kept.join()).toContain('[secret:door]')
    expect(kept.join()).not.toContain(CANARY)
  })

  test.each(['stdout', 'stderr'])('is not in what a companion shows of it on %s', async (stream) => {
    const { services, recording } = host.preview()
    const shows = stream === 'stdout' ? { program: 'cat', args: ['key.txt'] } : { program: 'sh', args: ['-c', 'cat key.txt >&2'] }
    const command = script('true', { mounts: [{ path: bench.work, access: 'read' }], shows })
    await services.handle('exec.run', [command], signal).catch(() => undefined)
    expect(recording.changes).toMatchObject([{ shows: { text: '[secret:door]' } }])
  })
})

test.each(Array.from({ length: CANARY.length + 1 }, (_, at) => at))('live output holds back a value cut at %i', (at) => {
  let shown = ''
  const output = createLiveOutput(({ text }) => void (shown += text), redactor)
  const bytes = Buffer.from(`ä${CANARY}ö canary`)
  output.take('stdout', bytes.subarray(0, at + 1)) // also within a character
  output.take('stdout', bytes.subarray(at + 1))
  output[Symbol.dispose]()
  expect(shown).toBe('ä[secret:door]ö canary')
})
