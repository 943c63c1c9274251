// A bench for one plugin's tools: the real host, in this process, with exactly the needs that the tool declares.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Change, EffectRecord, LabelSource, Need } from '@life-os/contract'
import { needsOf } from '@life-os/kernel/gate'
import { RECORDING_ENDED, createHost } from '@life-os/kernel/host'
import type { CallScope, EffectSink, HostServices, Recording } from '@life-os/kernel/host'
import { createCallLabels, createLabelBook } from '@life-os/kernel/labels'
import type { CallLabels, LabelBook } from '@life-os/kernel/labels'
import { createSandbox } from '@life-os/kernel/sandbox'
import { createRedactor, createSecrets } from '@life-os/kernel/secrets'
import type { Secrets } from '@life-os/kernel/secrets'
import { openStore } from '@life-os/kernel/store'
import type { PluginV1 } from '@life-os/plugin-sdk'
import { createHostClient, deedFault, describeTool, executeTool } from '@life-os/plugin-sdk/tool'

export interface ToolPreview {
  changes: Change[]
  /** Absent when an unpredictable call ended the recording. */
  output: unknown
  ended: boolean
}
export interface ToolLab extends AsyncDisposable {
  /** An empty folder of its own, as its real path. */
  readonly folder: string
  /** Effects that really happened, oldest first. */
  readonly effects: EffectRecord[]
  /** Secrets of this lab alone. */
  readonly secrets: Secrets
  /** Labels of folders and files of this lab alone. */
  readonly labels: LabelBook
  /** What of the last call's data is private or came from outside, and from where. */
  readonly seen: readonly LabelSource[]
  readonly notes: { done: number; of?: number }[]
  run<Output = unknown>(tool: string, input: unknown, signal?: AbortSignal): Promise<Output>
  preview(tool: string, input: unknown): Promise<ToolPreview>
  /** What an undo asks of a tool that compensates. */
  compensate(tool: string, input: unknown, output: unknown): Promise<void>
  /** What is asked of a tool whose call with this key was cut off. */
  reconcile(tool: string, input: unknown, key: string): Promise<{ applied: 'yes' | 'no' | 'unknown'; output?: unknown }>
  /** Key of the last call. */
  readonly key: string
  /** Takes every effect back, newest first; answers the conflicts. */
  undo(): Promise<string[]>
}

export interface ToolLabOptions {
  settings?: Record<string, unknown>
}

export async function createToolLab(plugin: PluginV1, id: string, options: ToolLabOptions = {}): Promise<ToolLab> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-lab-')))
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'lifeos-lab-folder-')))
  const store = await openStore({ home: root })
  const sandbox = await createSandbox()
  const send = () => Promise.reject(new LifeOsError('secret-refresh-failed', 'A lab refreshes no tokens.'))
  const secrets = await createSecrets({ store, home: root, now: Date.now, redactor: createRedactor(), logger: console, send })
  const labels = await createLabelBook({ store, now: Date.now })
  const host = createHost({ store, home: root, labels, sandbox, settingsOf: () => options.settings ?? {}, secrets })
  const effects: EffectRecord[] = []
  const notes: { done: number; of?: number }[] = []
  let lastKey = ''
  let lastSeen: CallLabels = createCallLabels([])

  function scopeOf(tool: string, input: unknown): { scope: CallScope & { seen: CallLabels }; definition: PluginV1['tools'][number] } {
    const definition = plugin.tools.find((candidate) => candidate.id === tool)
    if (!definition) throw new LifeOsError('tool-unknown', `${id} has no tool ${tool}.`)
    const described = describeTool(definition, { plugin: id, version: '1.0.0' })
    const allowed = needsOf(described, input, () => options.settings ?? {})
    const scope = {
      run: randomUUID(),
      path: 'lab',
      try: 1,
      plugin: id,
      pluginVersion: '1.0.0',
      tool,
      key: randomUUID(),
      effect: described.effect,
      reversal: described.reversal,
      allowed,
      labels: [],
      seen: createCallLabels([]),
      privateTo: allowed.map(({ resource }) => resource), // a test that names a place means it
      request: async (needs: readonly Need[]) => needs,
    }
    return { scope, definition }
  }

  async function execute(
    tool: string,
    input: unknown,
    phase: 'preview' | 'run',
    servicesOf: (scope: CallScope) => HostServices,
    signal: AbortSignal,
    other?: { method: 'compensate' | 'reconcile'; value: unknown },
  ): Promise<unknown> {
    const { scope, definition } = scopeOf(tool, input)
    lastKey = scope.key
    lastSeen = scope.seen
    const services = servicesOf(scope)
    const client = createHostClient({
      async ask(service, args) {
        const fault = deedFault(tool, scope.effect, service, args)
        if (fault) throw fault
        return services.handle(service, args, signal)
      },
      log: () => {},
      progress: (note) => void notes.push(note),
      signal,
      key: scope.key,
      phase,
    })
    return executeTool(definition, other?.method ?? 'run', other ? other.value : input, client)
  }

  return {
    folder,
    effects,
    secrets,
    labels,
    get seen() {
      return lastSeen.sources
    },
    notes,
    run: async <Output>(tool: string, input: unknown, signal = new AbortController().signal) =>
      (await execute(tool, input, 'run', (scope) => host.real(scope, collector(scope, effects)), signal)) as Output, // the test says which
    async preview(tool, input) {
      const recording: Recording = { changes: [], warnings: [], unknown: false }
      const overlay = host.createOverlay()
      try {
        const output = await execute(
          tool,
          input,
          'preview',
          (scope) => host.recording(scope, overlay, recording),
          new AbortController().signal,
        )
        return { changes: recording.changes, output, ended: false }
      } catch (thrown) {
        if (!(thrown instanceof LifeOsError) || thrown.code !== RECORDING_ENDED) throw thrown
        return { changes: recording.changes, output: undefined, ended: true }
      }
    },
    async compensate(tool, input, output) {
      const value = { input, output }
      const { signal } = new AbortController()
      await execute(tool, input, 'run', (scope) => host.real(scope, collector(scope, effects)), signal, { method: 'compensate', value })
    },
    async reconcile(tool, input, key) {
      const recording: Recording = { changes: [], warnings: [], unknown: false }
      const value = { input, key, effects: [] }
      const looking = (scope: CallScope) => host.recording({ ...scope, effect: 'read' }, host.createOverlay(), recording)
      const { signal } = new AbortController()
      const answer = await execute(tool, input, 'run', looking, signal, { method: 'reconcile', value })
      return answer as { applied: 'yes' | 'no' | 'unknown'; output?: unknown } // the SDK checks what a tool answers here
    },
    get key() {
      return lastKey
    },
    async undo() {
      const conflicts: string[] = []
      const done = effects.filter((effect) => effect.state === 'finished').toReversed()
      for (const effect of done) {
        const scope: CallScope = {
          ...effect,
          try: 1,
          plugin: 'life-os',
          tool: 'life-os.restore',
          key: randomUUID(),
          effect: 'write',
          reversal: 'exact',
          allowed: [{ kind: 'fs.write', resource: '/**' }],
        }
        const outcome = await host.restore(effect, host.real(scope, collector(scope, [])), 'skip')
        if (outcome.conflict !== null) conflicts.push(outcome.conflict)
      }
      return conflicts
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      await sandbox[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      for (const place of [root, folder]) rmSync(place, { recursive: true, force: true })
    },
  }
}

/** Keeps effect records as the journal would. */
function collector(scope: CallScope, effects: EffectRecord[]): EffectSink {
  const find = (id: string): EffectRecord => {
    const effect = effects.find((candidate) => candidate.id === id)
    if (!effect) throw new Error(`no effect ${id} was begun`)
    return effect
  }
  return {
    async begin(change, before) {
      const { run, path: step, plugin, pluginVersion, tool } = scope
      const id = randomUUID()
      effects.push({
        id,
        run,
        path: step,
        try: 1,
        seq: effects.length,
        plugin,
        pluginVersion,
        tool,
        change,
        before,
        after: null,
        state: 'started',
        at: 0,
        until: null,
        labels: [],
      })
      return id
    },
    async finish(id, after) {
      Object.assign(find(id), { after, state: 'finished' })
    },
    async abandon(id) {
      Object.assign(find(id), { state: 'not-applied' })
    },
    approvedTarget: () => undefined,
  }
}
