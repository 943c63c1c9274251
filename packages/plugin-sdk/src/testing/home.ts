import { createServer } from 'node:http'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * The world that examples play in. Paths below `/home/ada` stand for a fresh folder filled from `fixtures/home`; addresses
 * `https://<name>/…` stand for a web server on this machine over `fixtures/web/<name>/`, where such a folder exists.
 */
export interface ExampleWorld extends AsyncDisposable {
  readonly home: string
  /** Example text to what is really there, deep in a value. */
  enter<T>(value: T): T
  /** Back again, so that what came out can be compared with what the example says. */
  leave<T>(value: T): T
}

const ADA = '/home/ada'

export async function createExampleWorld(folder: string): Promise<ExampleWorld> {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-example-')))
  const fixtures = path.join(folder, 'fixtures', 'home')
  if (existsSync(fixtures)) cpSync(fixtures, home, { recursive: true, preserveTimestamps: true })
  for (const name of ['Documents', 'Downloads', 'Pictures', 'Desktop']) mkdirSync(path.join(home, name), { recursive: true })
  const web = path.join(folder, 'fixtures', 'web')
  const names = existsSync(web) ? readdirSync(web) : []
  const servers = await Promise.all(names.map((name) => serve(path.join(web, name))))
  const pairs: [example: string, real: string][] = [
    [ADA, home],
    ...names.map((name, index): [string, string] => [`https://${name}`, servers[index]!.address]),
  ]

  return {
    home,
    enter: (value) => replaced(value, pairs),
    leave: (value) =>
      replaced(
        value,
        pairs.map(([example, real]) => [real, example]),
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.close()))
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function replaced<T>(value: T, pairs: readonly (readonly [string, string])[]): T {
  if (typeof value === 'string') return pairs.reduce<string>((text, [from, to]) => text.replaceAll(from, to), value) as T // text stays text
  if (Array.isArray(value)) return value.map((part: unknown) => replaced(part, pairs)) as T // likewise
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [replaced(key, pairs), replaced(part, pairs)]),
  ) as T // likewise
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.xml': 'application/rss+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
}

async function serve(folder: string): Promise<{ address: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const wanted = path.join(folder, path.normalize(decodeURIComponent(pathname)))
    const file = existsSync(wanted) && statSync(wanted).isDirectory() ? path.join(wanted, 'index.html') : wanted
    if (!file.startsWith(folder) || !existsSync(file)) return void response.writeHead(404).end('not here')
    response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on a port, not on a pipe
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
