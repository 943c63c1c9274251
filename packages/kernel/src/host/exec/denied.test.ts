import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Grant } from '@life-os/contract'
import type { CommandResult } from '@life-os/plugin-sdk'
import { denialsOf } from '../../gate/index.ts'
import type { CallScope } from '../types.ts'
import { createCommandBench, script } from './testing.ts'
import type { CommandBench } from './testing.ts'

let bench: CommandBench
beforeEach(async () => {
  bench = await createCommandBench()
  bench.write({ 'a.txt': 'one\n', 'private/x.txt': 'secret\n', 'docs/b.txt': 'two\n' })
})
afterEach(() => bench[Symbol.asyncDispose]())
const at = (...names: string[]) => path.join(bench.work, ...names)
const signal = new AbortController().signal
const denying = (permission: string): CallScope['denies'] => {
  const grant = { id: 'g', subject: { kind: 'any', id: '*' }, permission, verdict: 'deny', origin: 'settings' } as const
  const whole: Grant = { ...grant, createdAt: 0, createdBy: 'ada', expiresAt: null, usedAt: null }
  return denialsOf([whole], { effect: 'external', answers: [] })
}
const refused = { code: 'path-not-allowed', details: { rule: 'grant-deny' } }
const reading = (text: string, folder: string) => script(text, { mounts: [{ path: folder, access: 'read' }] })
const writing = (text: string, folder: string) => script(text, { mounts: [{ path: folder, access: 'write' }] })
async function handle(denies: CallScope['denies'], service: string, command: object): Promise<CommandResult> {
  const host = await bench.host()
  return (await host.real({ denies }).handle(service, [command], signal)) as CommandResult // what exec.* answer
}

test.each(['exec.run', 'exec.compute'])('%s is not given a folder that holds a denied place', async (service) => {
  const denies = denying(`fs.read:${at('private')}/**`)
  const look = (folder: string) => handle(denies, service, reading(`cat ${folder}/*/x.txt ${folder}/b.txt || true`, folder))
  await expect(look(bench.work)).rejects.toMatchObject(refused)
  await expect(look(at('private'))).rejects.toMatchObject(refused)
  expect((await look(at('docs'))).stdout).toBe('two\n')
  await expect(handle(denying(`fs.read:${bench.work}/**/*.txt`), service, reading('true', at('docs')))).rejects.toMatchObject(refused)
})

test('a command that writes is not given a folder where a refusal could match what it makes', async () => {
  const denies = denying(`fs.write:${bench.work}/**/*.key`)
  await expect(handle(denies, 'exec.run', writing('echo x > new.key', bench.work))).rejects.toMatchObject(refused)
  expect((await handle(denies, 'exec.run', reading('cat a.txt', bench.work))).stdout).toBe('one\n')
  await expect(handle(denying(`fs.write:${at('later')}`), 'exec.run', writing('echo x > later', bench.work))).rejects.toMatchObject(refused)
  expect(fs.readdirSync(bench.work).toSorted()).toEqual(['a.txt', 'docs', 'private'])
})

test('what a command made on a copy is not brought back to a denied place', async () => {
  const denies = denying(`fs.write:${bench.work}/**/*.key`)
  const host = await bench.host()
  const view = (text: string) => host.real({ denies }).handle('exec.view', [{ ...script(text), folder: bench.work }], signal)
  await expect(view('echo x > new.key')).rejects.toMatchObject(refused)
  expect(fs.existsSync(at('new.key'))).toBe(false)
  expect(await view('echo x > new.txt')).toMatchObject({ changed: [at('new.txt')] })
})
