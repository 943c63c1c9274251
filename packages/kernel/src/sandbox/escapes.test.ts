import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync, chmodSync, chownSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BOMBS } from './escapes/bombs.ts'
import { fileRows } from './escapes/files.ts'
import { kernelRows } from './escapes/kernel.ts'
import { networkRows } from './escapes/network.ts'
import type { Row, Targets } from './escapes/row.ts'
import { MACHINES } from './seccomp/calls.ts'
import { openFolder, openSandbox, processesWith, request, run } from './testing.ts'

const sandbox = await openSandbox()
const boxes = sandbox.isolation.level === 'bubblewrap'
const attempts = readFileSync(new URL('./escapes/attempt.py', import.meta.url), 'utf8')
const folder = openFolder()
const outside = spawn('sleep', ['3000'], { stdio: 'ignore' })
const abstract = `life-os-${process.pid}`
const servers = [createServer(), createServer(), createServer()] as const
const datagrams = createSocket('udp4')
let visitors = 0

/** All of it is really there: without a box every attempt to reach it would succeed. */
async function makeTargets(): Promise<Targets> {
  const secret = path.join(folder.path, 'secret.txt')
  const shown = path.join(folder.path, 'shown')
  for (const name of [shown, path.join(folder.path, 'out')]) mkdirSync(name)
  writeFileSync(secret, 'not for boxes')
  writeFileSync(path.join(shown, 'mine.txt'), 'shown')
  chmodSync(path.join(shown, 'mine.txt'), 0o666)
  symlinkSync(secret, path.join(shown, 'link'))
  symlinkSync('../secret.txt', path.join(shown, 'relative'))
  chmodSync(folder.path, 0o755)
  if (sandbox.identity) chownSync(path.join(folder.path, 'out'), sandbox.identity.uid, sandbox.identity.gid)
  const socket = path.join(folder.path, 'socket')
  for (const server of servers) server.on('connection', (visitor) => void (visitors++, visitor.destroy()))
  datagrams.on('message', () => visitors++)
  const listening = (index: 0 | 1 | 2, where: { port: number; host: string } | { path: string }) =>
    new Promise<void>((resolve) => servers[index].listen(where, resolve))
  await Promise.all([
    listening(0, { port: 0, host: '127.0.0.1' }),
    listening(1, { path: socket }),
    listening(2, { path: `\0${abstract}` }),
    new Promise<void>((resolve) => datagrams.bind(0, '127.0.0.1', resolve)),
  ])
  const tcp = (servers[0].address() as AddressInfo).port // of TCP
  return { secret, pid: outside.pid!, tcp, udp: datagrams.address().port, socket, abstract }
}

/** The attempts of one table in one box, each in a process of its own; what stopped them by name. */
async function attempt(rows: readonly Row[]): Promise<Record<string, string>> {
  const numbers = Object.fromEntries(MACHINES[process.arch]!.numbers)
  const stdin = Buffer.from(JSON.stringify({ numbers, rows }))
  const outcome = await run(
    sandbox,
    request('python3', ['-I', '-c', attempts], {
      stdin,
      mounts: [
        { from: path.join(folder.path, 'shown'), to: '/data', access: 'read' },
        { from: path.join(folder.path, 'out'), to: '/out', access: 'write' },
      ],
    }),
  )
  expect(outcome).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(outcome.stdout) as Record<string, string>
}

const targets = await makeTargets()
afterAll(async () => {
  outside.kill('SIGKILL')
  for (const server of servers) server.close()
  datagrams.close()
  folder[Symbol.dispose]()
  await sandbox[Symbol.asyncDispose]()
})

const tables = { files: fileRows(targets), network: networkRows(targets), kernel: kernelRows(targets) }
describe.runIf(boxes).each(Object.entries(tables))('a command that reaches for %s cannot', (_, rows) => {
  let answers: Record<string, string>
  beforeAll(async () => {
    process.env['LIFE_OS_CANARY'] = 'the server’s own'
    answers = await attempt(rows)
  })
  test.each(rows)('$name: $reason', ({ name, reason }) => expect(answers[name]).toBe(reason))
})

describe.runIf(boxes)('what was aimed at', () => {
  test('is as it was', () => {
    expect(visitors).toBe(0)
    expect(outside.exitCode).toBeNull()
    expect(readdirSync(path.join(folder.path, 'out'))).toEqual([])
    expect(readFileSync(path.join(folder.path, 'shown', 'mine.txt'), 'utf8')).toBe('shown')
  })
})

describe.runIf(boxes)('a command that takes more than its share of', () => {
  const limits = { time: 20_000, memory: 96, pids: 16, output: 4096 }
  const here = `life-os-bomb-${process.pid}`
  test.each(BOMBS)('$name is stopped', async ({ code, ends, limits: own, groups }) => {
    if (groups === true && !sandbox.isolation.cgroup) return // nothing counts the box as a whole: docs/decisions/0008
    const outcome = await run(sandbox, request('python3', ['-I', '-c', code, here], { limits: { ...limits, ...own } }))
    expect(outcome).toMatchObject({ cut: ends.cut })
    if (ends.says) expect(outcome.stdout).toMatch(ends.says)
    expect(processesWith(here)).toEqual([])
  })
})
