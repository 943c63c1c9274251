import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

/** Where Debian's and Ubuntu's `postgresql` packages put their programs. */
const DEBIAN_BINARIES = '/usr/lib/postgresql'
const READY_WITHIN = 20_000 // ms

/** Only what differs from a plain installation. Durability stays on: the store's tests are about it. */
const OPTIONS = {
  listen_addresses: '127.0.0.1',
  max_connections: '120',
  shared_buffers: '64MB',
  autovacuum: 'off', // databases live for seconds
  wal_level: 'minimal', // new tables need no log of their own
  max_wal_senders: '0',
  max_wal_size: '4GB',
  checkpoint_timeout: '1h',
  log_min_messages: 'fatal',
}

export interface RunningPostgres {
  /** Of the maintenance database, with the superuser; make one database a test from it. */
  url: string
  stop(): Promise<void>
}

/** The newest installed PostgreSQL's folder of programs, or null. */
export function findPostgres(root = DEBIAN_BINARIES): string | null {
  const versions = listFolder(root).filter((name) => listFolder(join(root, name, 'bin')).includes('initdb'))
  const newest = versions.toSorted((a, b) => Number.parseFloat(b) - Number.parseFloat(a))[0]
  return newest === undefined ? null : join(root, newest, 'bin')
}

/**
 * A private PostgreSQL on a free port of 127.0.0.1 with its data in a temporary folder, gone after `stop`, and also when
 * this process dies. As root it runs as `postgres` or `nobody`, since PostgreSQL refuses to run as root.
 */
export async function startPostgres(): Promise<RunningPostgres> {
  const binaries = findPostgres()
  if (binaries === null) throw new Error('PostgreSQL is not installed; on Debian or Ubuntu run: apt-get install postgresql')
  const user = process.getuid?.() === 0 ? unprivilegedUser() : {}
  const folder = mkdtempSync(join(tmpdir(), 'lifeos-pg-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid)
  try {
    const data = join(folder, 'data')
    await finished(
      spawn(
        join(binaries, 'initdb'),
        ['-D', data, '-A', 'trust', '-U', 'lifeos', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'],
        { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
      ),
    )
    return await serve(binaries, data, folder, user)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

async function serve(binaries: string, data: string, folder: string, user: User): Promise<RunningPostgres> {
  const port = await freePort()
  const options = Object.entries(OPTIONS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn('/bin/sh', ['-c', GUARD, join(binaries, 'postgres'), '-D', data, '-p', String(port), '-k', folder, ...options], {
    ...user,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const exit = finished(server)
  exit.catch(() => undefined) // awaited below; here only so that an early end is no unhandled rejection
  const url = `postgres://lifeos@127.0.0.1:${port}/postgres`
  const stop = async (): Promise<void> => {
    server.stdin.end()
    await exit.catch(() => undefined) // the data is thrown away either way
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.race([untilReady(url), exit.then(() => Promise.reject(new Error('PostgreSQL ended before it was ready.')))])
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Runs the server until standard input closes, which also happens when the parent is killed; then shuts it down fast. */
const GUARD = `exec 3<&0; "$0" "$@" 3<&- & server=$!
(cat <&3 >/dev/null; kill -INT $server 2>/dev/null; sleep 10; kill -QUIT $server 2>/dev/null) & guard=$!
wait $server; result=$?; kill $guard 2>/dev/null; rm -rf "$PWD"; exit $result`

interface User {
  uid?: number
  gid?: number
}

function unprivilegedUser(): User {
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  const account = accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody')
  if (!account) throw new Error('PostgreSQL cannot run as root and there is no user "postgres" or "nobody"; run the tests as another user.')
  return { uid: Number(account[2]), gid: Number(account[3]) }
}

async function untilReady(url: string): Promise<void> {
  const end = Date.now() + READY_WITHIN
  for (;;) {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined) // the attempt itself reports it
    try {
      await client.connect()
      return
    } catch (error) {
      if (Date.now() > end) throw new Error(`PostgreSQL was not ready within ${READY_WITHIN / 1000} s.`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 25)) // polling: the server has no way to call us
    } finally {
      await client.end().catch(() => undefined) // never connected
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo // a TCP server that listens has one
        server.close(() => resolve(port))
      })
  })
}

function finished(child: ChildProcess): Promise<void> {
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-4000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${child.spawnfile} ended with ${code}: ${output.trim()}`))))
  })
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return [] // not there
  }
}
