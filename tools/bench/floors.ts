import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import type { Floor } from './figure.ts'
import { median } from './numbers.ts'
import { newFolder } from './places.ts'

const TIME = 1500 // ms
const ROW = 'x'.repeat(300) // bytes, about one journal entry

/** Rows a second that a bare loop writes, each synced to disk before the next. */
export function syncedInserts(): Floor {
  using folder = newFolder()
  const db = new DatabaseSync(join(folder.path, 'floor.sqlite'))
  try {
    db.exec('pragma journal_mode = wal; pragma synchronous = full; create table rows (id integer primary key, data text)')
    const insert = db.prepare('insert into rows (data) values (?)')
    const start = performance.now()
    let count = 0
    for (; performance.now() - start < TIME; count += 1) insert.run(ROW)
    return { what: 'node:sqlite loop, one synced insert a row', value: count / ((performance.now() - start) / 1000) }
  } finally {
    db.close()
  }
}

/** The same over one connection to PostgreSQL. */
export async function committedInserts(url: string): Promise<Floor> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('create table floor_rows (id bigserial primary key, data text)')
    const start = performance.now()
    let count = 0
    for (; performance.now() - start < TIME; count += 1)
      await client.query({ name: 'insert', text: 'insert into floor_rows (data) values ($1)', values: [ROW] })
    return { what: 'pg loop, one committed insert a row', value: count / ((performance.now() - start) / 1000) }
  } finally {
    await client.end()
  }
}

/** A line there and back over the pipes of a process that does nothing else, p50 in ms. */
export async function pipeCall(calls = 1000): Promise<Floor> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.pipe(process.stdout)'], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const times: number[] = []
    for (let call = 0; call < calls; call += 1) {
      const start = performance.now()
      child.stdin.write(`${JSON.stringify({ id: call, method: 'run', params: { value: 'x' } })}\n`)
      JSON.parse(String((await lines.next()).value))
      times.push(performance.now() - start)
    }
    return { what: 'bare process pipe, one JSON line there and back', value: median(times.slice(calls / 10)) }
  } finally {
    child.stdin.end()
    child.kill()
  }
}

export interface BareServer extends AsyncDisposable {
  url: string
}

/** An HTTP server that answers one prepared text. */
export async function bareServer(body: string): Promise<BareServer> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(body)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has an address with a port
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}
