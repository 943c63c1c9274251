import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Approval, NewSecret, Page, Run } from '@life-os/contract'
import { openStore } from '@life-os/kernel/store'
import { buildPlugins } from '../../../tools/build/plugins.ts'
import { freshDatabase, POSTGRES_MISSING } from '../../../tools/services/fresh.ts'
import { startEcho } from './testing/echo.ts'
import type { Echo } from './testing/echo.ts'
import { commandLine, settled, startServing } from './testing/serving.ts'
import type { Server } from './testing/serving.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Values with all that encodings change. */
const CANARIES = {
  token: 'canary-token/1+2=&"ü"',
  password: 'canary:password <b>%41',
  key: 'canary_key_0123456789abcdef',
  refresh: 'canary refresh/+token',
  client: 'canary+client/secret',
  access: 'canary+access/',
  refreshed: 'canary+refreshed/',
}

/** Every form of every value, worked out apart from the product's own list. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  const aligned = [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift, 65), bytes])
    const from = Math.ceil((shift * 8) / 6)
    const to = Math.floor((whole.length * 8) / 6)
    return [whole.toString('base64').slice(from, to), whole.toString('base64url').slice(from, to)]
  })
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    bytes.toString('hex'),
    ...aligned,
  ]
}
const FORMS = Object.entries(CANARIES).flatMap(([name, value]) => formsOf(value).map((form) => ({ name, form: Buffer.from(form) })))

function leaksIn(bytes: Buffer): string[] {
  return FORMS.filter(({ form }) => bytes.includes(form)).map(({ name, form }) => {
    const at = bytes.indexOf(form)
    return `${name} as ${form.toString()} in …${bytes.subarray(Math.max(0, at - 120), at + 60).toString()}…`
  })
}

/** Lets a plan of one call run to its end, approving what it asks. */
async function runTool(server: Server, tool: string, input: object, mode = 'draft'): Promise<Run> {
  const plan = { id: 'canary', name: 'Canary', steps: [{ id: 'call', tool, input }], outputs: { all: '${{ steps.call }}' } }
  const started = await server.ask<Run>('POST', '/runs', { plan, mode })
  let run = await settled(server, started.id)
  for (let questions = 0; run.state === 'waiting' && run.approval && questions < 5; questions += 1) {
    const { hash, kind } = await server.ask<Approval>('GET', `/approvals/${run.approval}`)
    const answer = kind === 'uncertain' ? 'not-done' : kind === 'error' ? 'stop' : 'approve'
    await server.ask('POST', `/approvals/${run.approval}/answer`, { answer, hash, final: true })
    run = await settled(server, run.id)
  }
  if (run.error?.code === 'plugin-crashed') await server.ask('POST', '/plugins/canary/enable') // many crashes would put it in quarantine
  for (const part of ['', '/steps', '/journal', '/effects', '/changes', '/outputs', '/plan', '/preview'])
    await server.ask('GET', `/runs/${run.id}${part}`)
  return run
}

const secretsFor = (echo: Echo): NewSecret[] => [
  { name: 'token', kind: 'token', title: '', hosts: [echo.place], value: CANARIES.token },
  { name: 'mail', kind: 'basic', title: '', hosts: [echo.place], value: CANARIES.password, user: 'ada' },
  { name: 'key', kind: 'token', title: '', hosts: [echo.place], value: CANARIES.key },
  {
    name: 'drive',
    kind: 'oauth2',
    title: '',
    hosts: [echo.place],
    value: CANARIES.refresh,
    oauth: { tokenUrl: `${echo.url}/token`, clientId: 'life-os', clientSecret: CANARIES.client },
  },
]

const AUTHS = [
  { secret: 'key' },
  { secret: 'mail' },
  { secret: 'key', as: 'basic', name: 'ada' },
  { secret: 'key', as: 'header', name: 'X-Key' },
  { secret: 'token', as: 'query', name: 'key' },
  { secret: 'drive' },
]

async function useInEveryWay(server: Server, echo: Echo): Promise<void> {
  for (const secret of secretsFor(echo)) await server.ask('PUT', `/secrets/${secret.name}`, secret)
  for (const permission of [
    `net:${echo.place}`,
    'secret.use:**',
    ...['token', 'mail', 'key', 'drive'].map((name) => `secret.read:${name}`),
  ])
    await server.ask('POST', '/grants', { subject: { kind: 'any', id: '*' }, permission, verdict: 'allow' })
  const asked = async (path: string, auth: object, how = 'return') => {
    const before = echo.told.length
    const run = await runTool(server, 'canary.ask', { url: `${echo.url}${path}`, auth, how })
    expect(echo.told.length, JSON.stringify([path, auth, run.error]).slice(0, 500)).toBeGreaterThan(before)
  }
  for (const auth of AUTHS) await asked('/echo', auth)
  for (const path of ['/redirect', '/away', '/fail', '/refuse', '/break']) await asked(path, { secret: 'token', as: 'query', name: 'key' })
  for (const path of ['/redirect', '/refuse']) await asked(path, { secret: 'drive' })
  await asked('/echo', { secret: 'mail' }, 'throw')
  await asked('/echo', { secret: 'mail' }, 'crash')
  for (const auth of [...AUTHS.slice(0, 2), { secret: 'token', as: 'form', name: 'password' }, AUTHS[4]]) {
    const run = await runTool(server, 'canary.send', { url: `${echo.url}/echo`, auth })
    expect(run, JSON.stringify(run.error)).toMatchObject({ state: 'done', undo: { possible: true } })
    const undo = await server.ask<Run>('POST', `/runs/${run.id}/undo`, { yes: true })
    expect(await settled(server, undo.id)).toMatchObject({ state: 'done' })
  }
  expect(echo.told.filter((all) => all.startsWith('DELETE'))).toHaveLength(4)
  await runTool(server, 'canary.send', { url: `${echo.url}/echo`, auth: { secret: 'mail' }, how: 'throw' })
  await runTool(server, 'canary.fetch-file', { url: `${echo.url}/echo`, auth: { secret: 'mail' } })
  for (const how of ['return', 'throw', 'crash'])
    for (const secret of ['mail', 'drive']) await runTool(server, 'canary.read', { secret, how })
  for (const tool of ['canary.ask', 'canary.send']) await askForMissing(server, echo, tool)
  await server.ask('POST', '/secrets/rotate-key')
}

/** A secret that nobody has set is a question; once it is set, the yes makes the call again. */
async function askForMissing(server: Server, echo: Echo, tool: string): Promise<void> {
  const before = echo.told.length
  const asked = await runTool(server, tool, { url: `${echo.url}/late`, auth: { secret: 'late' } })
  expect(asked, JSON.stringify(asked.error)).toMatchObject({ state: 'waiting' })
  expect(echo.told.length).toBe(before)
  const approval = await server.ask<Approval>('GET', `/approvals/${asked.approval}`)
  expect(approval).toMatchObject({
    kind: 'secret',
    state: 'waiting',
    step: 'call',
    title: expect.stringContaining('needs the secret late'),
    message: expect.stringContaining('lifeos secrets set late'),
    needs: [{ kind: 'secret.use', resource: 'late' }],
  })
  await server.ask('PUT', '/secrets/late', { name: 'late', kind: 'token', hosts: [echo.place], value: CANARIES.key })
  await server.ask('POST', `/approvals/${approval.id}/answer`, { answer: 'approve', hash: approval.hash })
  const done = await settled(server, asked.id)
  expect(done, JSON.stringify(done.error)).toMatchObject({ state: 'done' })
  expect(echo.told.length).toBe(before + 1)
  await server.ask('DELETE', '/secrets/late')
}

async function stopInTheMiddle(server: Server, echo: Echo): Promise<void> {
  const plan = {
    id: 'hang',
    name: 'Hang',
    steps: [{ id: 'call', tool: 'canary.send', input: { url: `${echo.url}/hang`, auth: { secret: 'token', as: 'form', name: 'p' } } }],
  }
  const { id } = await server.ask<Run>('POST', '/runs', { plan, mode: 'autopilot' })
  await Promise.race([
    echo.hanging,
    settled(server, id).then(async (run) => {
      throw new Error(`it did not get so far: ${JSON.stringify(run)}`)
    }),
  ])
  await server.ask('POST', '/stop')
  await settled(server, id)
  await server.ask('DELETE', '/stop')
}

async function readEverything(server: Server): Promise<void> {
  const { items } = await server.ask<Page<Run>>('GET', '/runs?limit=200')
  expect(items.length).toBeGreaterThan(20)
  for (const path of [
    '/secrets',
    '/approvals?limit=200',
    '/grants?limit=200',
    '/audit?limit=200',
    '/plugins',
    '/plugins/canary',
    '/plugins/canary/log',
    '/health',
  ])
    await server.ask('GET', path)
}

async function everyRow(url: string): Promise<Buffer> {
  const home = fs.mkdtempSync(join(tmpdir(), 'lifeos-dump-'))
  try {
    await using store = await openStore({ home, url })
    const tables = (await store.db.introspection.getTables()).map(({ name }) => name)
    expect(tables).toContain('secrets')
    const rows = await Promise.all(
      tables.map((name) =>
        store.db
          .selectFrom(name as 'runs')
          .selectAll()
          .execute(),
      ),
    ) // every table, whichever
    return Buffer.from(
      JSON.stringify(rows) +
        rows
          .flat()
          .flatMap((row) => Object.values(row).map(String))
          .join('\n'),
    )
  } finally {
    fs.rmSync(home, { recursive: true })
  }
}

const filesBelow = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((file) => (file.isFile() ? [join(file.parentPath, file.name)] : []))

for (const database of ['sqlite', 'postgres'] as const) {
  const missing = database === 'postgres' ? process.env[POSTGRES_MISSING] : undefined
  describe.skipIf(missing)(missing ? `${database} (${missing})` : database, () => {
    test(
      'canary secrets used in every way are in no byte of the data folder, no answer, no event, no log',
      { timeout: 300_000 },
      async () => {
        const plugins = join(root, 'dist', 'fixtures', 'server')
        await buildPlugins({ root: fileURLToPath(new URL('fixtures', import.meta.url)), out: plugins })
        await using stack = new AsyncDisposableStack()
        const base = fs.mkdtempSync(join(tmpdir(), 'lifeos-canary-'))
        stack.defer(() => fs.rmSync(base, { recursive: true, force: true }))
        const home = join(base, 'home')
        const url = database === 'postgres' ? stack.use(await freshDatabase()).url : undefined
        const echo = stack.use(await startEcho())
        const server = await startServing(home, plugins, url)
        stack.defer(() => server.kill('SIGKILL'))

        await useInEveryWay(server, echo)
        await stopInTheMiddle(server, echo)
        await readEverything(server)
        const said = [
          await commandLine(home, url, 'runs', '--json', '--limit', '200'),
          await commandLine(home, url, 'secrets', 'list'),
          await commandLine(home, url, 'secrets', 'remove', 'absent'),
        ]
        const { items } = await server.ask<Page<Run>>('GET', '/runs?limit=5')
        for (const { id } of items)
          said.push(await commandLine(home, url, 'runs', 'show', id), await commandLine(home, url, 'runs', 'watch', id, '--json'))
        await server.kill('SIGKILL') // what was not flushed in order counts too

        for (const value of Object.values(CANARIES))
          // each was really used
          expect(
            formsOf(value).some((form) =>
              echo.told.some(
                (all) =>
                  all.includes(form) ||
                  Buffer.from(/Basic (\S+)/.exec(all)?.[1] ?? '', 'base64').includes(form) ||
                  new URLSearchParams(decodeURIComponent(Buffer.from(/Basic (\S+)/.exec(all)?.[1] ?? '', 'base64').toString()))
                    .toString()
                    .includes(form),
              ),
            ),
            value,
          ).toBe(true)
        const leaks = [
          ...leaksIn(Buffer.from(server.answers.join('\n'))).map((leak) => `answers: ${leak}`),
          ...leaksIn(Buffer.from([server.said(), ...said].join('\n'))).map((leak) => `output: ${leak}`),
          ...filesBelow(home).flatMap((file) => leaksIn(fs.readFileSync(file)).map((leak) => `${file}: ${leak}`)),
          ...(url === undefined ? [] : leaksIn(await everyRow(url)).map((leak) => `rows: ${leak}`)),
        ]
        expect(leaks).toEqual([])
        expect(server.answers.join('\n')).toContain('[secret:mail]')
        expect(server.answers.length).toBeGreaterThan(200)
      },
    )
  })
}
