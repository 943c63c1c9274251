import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { readExchanges, serveExchanges } from './exchanges.ts'
import { serveFiles } from './files.ts'

/** A secret of the examples' world; never one of this machine. */
export const ExampleSecret = z.strictObject({
  name: z.string(),
  kind: z.enum(['token', 'basic', 'oauth2']).default('token'),
  value: z.string(),
  user: z.string().optional(),
  /** Addresses that it may be sent to, as examples write them. */
  hosts: z.array(z.string()),
})
export type ExampleSecret = z.infer<typeof ExampleSecret>

/**
 * What a model says in the examples' world to a request whose last message holds `when` (default: any). Where several fit
 * they answer in turn, the last one from then on.
 */
export const ExampleModelAnswer = z.strictObject({
  when: z.string().default(''),
  text: z.string().default(''),
  object: z.unknown().optional(),
})
export type ExampleModelAnswer = z.infer<typeof ExampleModelAnswer>

/**
 * The world that examples play in. Paths below `/home/ada` stand for a fresh folder filled from `fixtures/home`; addresses
 * `https://<name>/…` stand for a web server on this machine over `fixtures/web/<name>/`, or over the exchanges of
 * `fixtures/exchanges/<name>/`, where such a folder exists. `fixtures/settings.json` and `fixtures/secrets.json` are its
 * settings and secrets, and `fixtures/models.json` is what models say in it.
 */
export interface ExampleWorld extends AsyncDisposable {
  readonly home: string
  /** `host:port` of its servers. */
  readonly places: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly secrets: readonly ExampleSecret[]
  readonly models: readonly ExampleModelAnswer[]
  /** Example text to what is really there, deep in a value. */
  enter<T>(value: T): T
  /** Back again, so that what came out can be compared with what the example says. */
  leave<T>(value: T): T
}

const ADA = '/home/ada'

/** Errors: what stands in `fixtures` and makes no sense. */
export async function createExampleWorld(folder: string): Promise<ExampleWorld> {
  const fixtures = path.join(folder, 'fixtures')
  const settings = readJson(path.join(fixtures, 'settings.json'), z.record(z.string(), z.unknown()), {})
  const secrets = readJson(path.join(fixtures, 'secrets.json'), z.array(ExampleSecret), [])
  const models = readJson(path.join(fixtures, 'models.json'), z.array(ExampleModelAnswer), [])
  const home = makeHome(path.join(fixtures, 'home'))
  const servers = await startServers(fixtures)
  const pairs: [example: string, real: string][] = [
    [ADA, home],
    ...servers.map(({ name, address }): [string, string] => [`https://${name}`, address]),
  ]
  const enter = <T>(value: T): T => replaced(value, pairs)
  return {
    home,
    places: servers.map(({ address }) => new URL(address).host),
    settings: enter(settings),
    secrets: secrets.map((secret) => ({ ...secret, hosts: enter(secret.hosts).map((host) => URL.parse(host)?.host ?? host) })),
    models: enter(models),
    enter,
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

/** A copy without links: a stranger's fixtures could point at anything. `dot-git` becomes `.git`, which no repository can hold. */
function makeHome(fixtures: string): string {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-example-')))
  const isPlain = (file: string) => lstatSync(file).isFile() || lstatSync(file).isDirectory()
  if (existsSync(fixtures)) cpSync(fixtures, home, { recursive: true, preserveTimestamps: true, filter: isPlain })
  for (const place of readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => path.basename(name) === 'dot-git'))
    renameSync(path.join(home, place), path.join(home, path.dirname(place), '.git'))
  for (const name of ['Documents', 'Downloads', 'Pictures', 'Desktop']) mkdirSync(path.join(home, name), { recursive: true })
  return home
}

async function startServers(fixtures: string) {
  const namesIn = (kind: string) => (existsSync(path.join(fixtures, kind)) ? readdirSync(path.join(fixtures, kind)) : [])
  const exchanges = namesIn('exchanges').map((name) => ({ name, exchanges: readExchanges(path.join(fixtures, 'exchanges', name)) }))
  return Promise.all([
    ...namesIn('web').map(async (name) => ({ name, ...(await serveFiles(path.join(fixtures, 'web', name))) })),
    ...exchanges.map(async ({ name, exchanges }) => ({ name, ...(await serveExchanges(exchanges)) })),
  ])
}

function readJson<T extends z.ZodType>(file: string, schema: T, missing: z.output<T>): z.output<T> {
  if (!existsSync(file)) return missing
  const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (read.success) return read.data
  throw new Error(`${file} does not fit: ${z.prettifyError(read.error)}`)
}

function replaced<T>(value: T, pairs: readonly (readonly [string, string])[]): T {
  if (typeof value === 'string') return pairs.reduce<string>((text, [from, to]) => text.replaceAll(from, to), value) as T // text stays text
  if (Array.isArray(value)) return value.map((part: unknown) => replaced(part, pairs)) as T // likewise
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]: [string, unknown]) => [replaced(key, pairs), replaced(part, pairs)]),
  ) as T // likewise
}
