import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { uuidv7 } from 'uuidv7'
import { McpServerConfig } from '@life-os/contract'
import type { Actor, AnswerApproval, Run, StartRun } from '@life-os/contract'
import { createEvents } from '../events/index.ts'
import { createGate } from '../gate/index.ts'
import type { Gate } from '../gate/index.ts'
import { createHost } from '../host/index.ts'
import { createLabelBook } from '../labels/index.ts'
import type { Store } from '../store/index.ts'
import { planOf, realClock, silent } from '../runs/testing.ts'
import { createPlugins } from '../plugins/index.ts'
import type { Plugins } from '../plugins/index.ts'
import { createRuns } from '../runs/index.ts'
import type { Runs } from '../runs/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { openSecrets } from '../secrets/testing.ts'
import type { Secrets } from '../secrets/index.ts'
import type { StorePlace } from '../store/testing.ts'
import { createMcp } from './create.ts'
import type { Mcp } from './types.ts'
import { withMcp } from './with-mcp.ts'

const root = fileURLToPath(new URL('../../../..', import.meta.url))
export const ada: Actor = { kind: 'person', id: 'ada', name: 'Ada' }

export interface McpBench extends AsyncDisposable {
  store: Store
  mcp: Mcp
  plugins: Plugins
  runs: Runs
  gate: Gate
  secrets: Secrets
  notes: { type: string; data: Record<string, unknown> }[]
  /** Sets a server up and accepts what it lists. */
  accepted(config: Omit<McpServerConfig, 'name' | 'enabled' | 'timeout'> & { timeout?: number }): Promise<void>
  /** A plan of one step. */
  call(tool: string, input?: unknown, more?: Partial<StartRun>): Promise<Run>
  approve(run: Run, more?: Partial<AnswerApproval>): Promise<Run>
  output(run: Run): Promise<{ text: string; data?: unknown; files: { blob: string; mime: string; size: number }[]; links: unknown[] }>
  bytes(blob: string): Promise<Uint8Array>
}

/** A kernel without plugins but with servers: real store, real boxes, real processes. */
export async function openBench(place: StorePlace, sandbox: Sandbox): Promise<McpBench> {
  await using stack = new AsyncDisposableStack()
  const store = stack.use(await place.open())
  const events = stack.use(createEvents({ store, logger: silent }))
  const secrets = await openSecrets(store)
  const own = stack.use(await createPlugins({ store, builds: [], logger: silent }))
  const labels = await createLabelBook({ store, now: Date.now })
  const host = stack.use(createHost({ store, home: place.home, labels, sandbox, secrets }))
  const mcp = stack.use(
    await createMcp({ store, sandbox, secrets, host, grants: () => gate.grants, now: Date.now, sleep: realClock.sleep }),
  )
  const plugins = withMcp(own, mcp)
  const gate = stack.use(
    await createGate({
      store,
      clock: realClock,
      newId: uuidv7,
      manifestOf: (plugin) => plugins.get(plugin)?.manifest.permissions.map(({ permission }) => permission) ?? null,
    }),
  )
  const runs = stack.use(
    createRuns({
      store,
      events,
      plugins,
      host,
      gate,
      clock: realClock,
      newId: uuidv7,
      logger: silent,
      plans: { find: async () => null },
      settings: async () => ({ undoDays: 30, approvalHours: 24, trashLimit: 1_000_000_000 }),
    }),
  )
  const notes: McpBench['notes'] = []
  stack.use(runs.onProgress(({ type, data }) => notes.push({ type, data: data as Record<string, unknown> }))) // every note's data is an object
  const all = stack.move()
  return {
    store,
    mcp,
    plugins,
    runs,
    gate,
    secrets,
    notes,
    async accepted(config) {
      const { digest, reason } = await mcp.set(McpServerConfig.parse({ name: config.id, ...config }), 'ada')
      if (digest === null) throw new Error(`nothing was listed: ${reason} ${mcp.get(config.id).log.join('\n')}`)
      await mcp.accept(config.id, digest, 'ada')
    },
    async call(tool, input = {}, more = {}) {
      const plan = planOf(
        `id: trial\nname: Trial\nsteps:\n  - id: ask\n    tool: ${tool}\n    input: ${JSON.stringify(input)}\noutputs:\n  answer: "\${{ steps.ask }}"\n`,
      )
      const run = await runs.start({ plan, inputs: {}, mode: 'draft', priority: 0, allow: [], ...more }, ada)
      return runs.settled(run.id)
    },
    async approve(run, more = {}) {
      if (!run.approval) throw new Error(`the run ${run.state} waits for nothing: ${run.error?.message ?? ''}`)
      const { hash } = await gate.approvals.get(run.approval)
      await runs.answer(run.approval, { answer: 'approve', hash, except: [], exceptGlobs: [], final: true, remember: 'no', ...more }, ada)
      return runs.settled(run.id)
    },
    async output(run) {
      const outputs = await runs.outputs(run.id)
      if (!outputs) throw new Error(`the run ${run.state}: ${run.error?.code} ${run.error?.message}`)
      return outputs['answer'] as Awaited<ReturnType<McpBench['output']>> // what every tool of a server answers
    },
    bytes: (blob) => store.blobs.get(blob),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** A published server as a person would install it: a folder of its own, with all it needs. */
export function installed(...names: string[]): Disposable & { folder: string; entries: string[] } {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'lifeos-npm-')))
  const done = new Set<string>()
  const copy = (from: string): void => {
    if (done.has(from)) return
    done.add(from)
    const to = path.join(folder, path.relative(root, from))
    fs.cpSync(from, to, { recursive: true, filter: (source) => source === from || path.basename(source) !== 'node_modules' })
    const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(from, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>
    } // npm's own file
    for (const dependency of Object.keys(dependencies)) copy(placeOf(dependency, from))
  }
  fs.chmodSync(folder, 0o755) // as npm leaves it
  const entryOf = (name: string): string => {
    const at = placeOf(name, root)
    copy(at)
    const { bin } = JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8')) as { bin: Record<string, string> } // likewise
    return path.join(folder, path.relative(root, at), Object.values(bin)[0]!) // a server is a program
  }
  return {
    folder,
    entries: names.map(entryOf),
    [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }),
  }
}

/** As Node finds it: in the folders above. */
function placeOf(name: string, from: string): string {
  for (let at = from; ; at = path.dirname(at)) {
    const place = path.join(at, 'node_modules', name)
    if (fs.existsSync(path.join(place, 'package.json'))) return fs.realpathSync(place)
    if (at === path.dirname(at)) throw new Error(`${name} is not installed`)
  }
}

/** A server of this folder's fixtures, built into one file. */
export async function fixture(name: string): Promise<Disposable & { folder: string; entry: string }> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'lifeos-fixture-')))
  const entry = path.join(folder, `${name}.mjs`)
  const { build } = createRequire(import.meta.url)('rolldown') as typeof import('rolldown') // its types are those of its module
  await build({
    input: fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url)),
    platform: 'node',
    output: { file: entry, format: 'esm', codeSplitting: false },
    logLevel: 'silent',
  })
  fs.chmodSync(folder, 0o755) // as a person installs it
  return { folder, entry, [Symbol.dispose]: () => fs.rmSync(folder, { recursive: true, force: true }) }
}

/** A published server on a port of this machine, outside any box, as a stranger's would be. */
export async function serving(entry: string, args: readonly string[], ready: RegExp): Promise<AsyncDisposable & { port: number }> {
  const port = await freePort()
  const child = spawn(process.execPath, [entry, ...args], { env: { PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (ready.test(said)) resolve()
      })
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo // a TCP server has a port
      server.close(() => resolve(port))
    })
  })
}
