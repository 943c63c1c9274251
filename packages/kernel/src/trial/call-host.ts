import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { EffectRecord, Manifest, Need, ToolDescription } from '@life-os/contract'
import type { ExampleWorld, TestHost } from '@life-os/plugin-sdk/testing/checks'
import { kindOf } from '@life-os/plugin-sdk/tool'
import { createHost } from '../host/index.ts'
import type { BrowserHost, CallScope, Recording } from '../host/index.ts'
import { createCallLabels, createLabelBook } from '../labels/index.ts'
import type { CallLabels } from '../labels/index.ts'
import { createSandbox } from '../sandbox/index.ts'
import type { Sandbox } from '../sandbox/index.ts'
import { createRedactor, createSecrets } from '../secrets/index.ts'
import type { Secrets } from '../secrets/index.ts'
import { openStore } from '../store/index.ts'
import type { Store } from '../store/index.ts'
import { keepEffects, takeBack } from './effects.ts'
import { scriptedModels } from './models.ts'

export interface CallHostOptions extends Pick<ExampleWorld, 'settings' | 'secrets'>, Partial<Pick<ExampleWorld, 'models'>> {
  tool: ToolDescription
  phase: 'preview' | 'run'
  allowed: readonly Need[]
  /** What `host.request` comes to. Error: `permission-refused`. */
  request(needs: readonly Need[]): Promise<readonly Need[]>
  /** The folder below which an undo may restore. */
  within: string
  /** Its tools run commands: a sandbox is made ready. */
  commands: boolean
  /** Shared with other calls instead of made for this one. */
  shared?: SharedMeans
}
/** What is slow to make. */
export interface SharedMeans {
  sandbox: Sandbox
  browser: BrowserHost
}

/** Whether a plugin may ask to run commands, or a browser, at all. */
export const runsCommands = ({ permissions }: Manifest): boolean =>
  permissions.some(({ permission }) => ['exec', 'browser'].includes(kindOf(permission)))

/** The real host over a home of its own, for one call outside of any run; what it does is kept in memory instead of journaled. */
export async function serveCall(options: CallHostOptions): Promise<TestHost> {
  const { phase, settings, within } = options
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-test-host-')))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rmSync(home, { recursive: true, force: true }))
  const store = stack.use(await openStore({ home }))
  const secrets = await secretsOf(store, home, options.secrets)
  const means = options.commands ? (options.shared ?? { sandbox: stack.use(await createSandbox()) }) : {}
  const labels = await createLabelBook({ store, now: Date.now })
  const seen = createCallLabels([])
  const host = stack.use(
    createHost({ store, home, labels, secrets, models: scriptedModels(options.models ?? []), settingsOf: () => settings, ...means }),
  )
  const scope = scopeOf(options, seen)
  const effects: EffectRecord[] = []
  const recording: Recording = { changes: [], warnings: [], unknown: false }
  const services =
    phase === 'preview' ? host.recording(scope, host.createOverlay(), recording) : host.real(scope, keepEffects(scope, effects))
  const owned = stack.move()
  return {
    handle: (service, args, signal) => services.handle(service, args, signal),
    changes: () => (phase === 'preview' ? recording.changes : effects.map(({ change }) => change)),
    labels: () => seen.sources,
    undo: () => takeBack(host, effects, within),
    async [Symbol.asyncDispose]() {
      await host.endRun(scope.run)
      await owned.disposeAsync()
    },
  }
}

/** Sealed in this home alone, as a person's would be. */
async function secretsOf(store: Store, home: string, given: ExampleWorld['secrets']): Promise<Secrets> {
  const logger = { info: () => undefined, warn: () => undefined }
  const send = () => Promise.reject(new LifeOsError('secret-refresh-failed', 'Examples refresh no tokens: give the secret as a token.'))
  const secrets = await createSecrets({ store, home, now: Date.now, redactor: createRedactor(), logger, send })
  for (const { name, kind, value, user, hosts } of given)
    await secrets.set({ name, kind, value, hosts, title: '', ...(user !== undefined && { user }) }, 'example')
  return secrets
}

/** What is allowed here was named by whoever makes the call, so what it reads may go there. */
function scopeOf({ tool, allowed, request }: CallHostOptions, seen: CallLabels): CallScope {
  return {
    run: randomUUID(),
    path: 'example',
    try: 1,
    plugin: tool.plugin,
    pluginVersion: tool.version,
    tool: tool.id,
    key: randomUUID(),
    effect: tool.effect,
    reversal: tool.reversal,
    allowed,
    labels: [],
    seen,
    privateTo: allowed.filter(({ kind }) => kind === 'net' || kind === 'fs.write').map(({ resource }) => resource),
    request,
  }
}
