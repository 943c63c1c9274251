import { createHash, randomUUID } from 'node:crypto'
import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Change, EffectRecord, Need } from '@life-os/contract'
import { LifeOsError } from '@life-os/contract'
import type { Blobs } from '../store/index.ts'
import { createHost } from './host.ts'
import type { HostDependencies } from './host.ts'
import type { CallScope, EffectSink, Host, HostServices, Overlay, Recording } from './types.ts'

export interface TestHost {
  readonly host: Host
  readonly home: string
  /** Effects that really happened or began, oldest first. */
  readonly effects: EffectRecord[]
  /** Services that really act below the folder, and read there. */
  readonly services: HostServices
  /** Services that record; each call adds to `recording`. One overlay for all unless given. */
  preview(overlay?: Overlay): { services: HostServices; recording: Recording; overlay: Overlay }
  /** Services for another scope over the same effects: `life-os.restore` for undo. */
  real(scope?: Partial<CallScope>, sink?: Partial<EffectSink>): HostServices
  /** Takes effects back, newest first; returns the conflicts. What the undo did is among `effects` afterwards. */
  undo(effects: readonly EffectRecord[], conflict?: 'skip' | 'overwrite' | 'keep-both'): Promise<string[]>
  /** The same in a preview: what an undo of these effects would do. */
  previewUndo(
    effects: readonly EffectRecord[],
    conflict?: 'skip' | 'overwrite' | 'keep-both',
  ): Promise<{ recording: Recording; conflicts: string[] }>
  call<Result = unknown>(service: string, ...args: unknown[]): Promise<Result>
  [Symbol.asyncDispose](): Promise<void>
}

export interface TestHostOptions extends Partial<Omit<HostDependencies, 'store'>> {
  allowed?: readonly Need[]
  effect?: CallScope['effect']
  blobs?: Blobs
}

/** A host for tests: everything below `folder` is allowed, effects are collected instead of journaled. */
export async function createTestHost(folder: string, options: TestHostOptions = {}): Promise<TestHost> {
  const home = options.home ?? (await fs.mkdtemp(path.join(os.tmpdir(), 'life-os-home-')))
  const blobs = options.blobs ?? createFolderBlobs(path.join(home, 'blobs'))
  const host = createHost({ ...options, home, store: { blobs } })
  const effects: EffectRecord[] = []
  const base: CallScope = {
    run: randomUUID(),
    path: 'test',
    try: 1,
    plugin: 'test',
    pluginVersion: '1.0.0',
    tool: 'test.tool',
    key: randomUUID(),
    effect: options.effect ?? 'external',
    reversal: 'none',
    allowed: options.allowed ?? [{ kind: 'fs.write', resource: `${folder}/**` }],
    labels: [],
  }
  const real = (scope: Partial<CallScope> = {}, sink: Partial<EffectSink> = {}): HostServices => {
    const whole = { ...base, ...scope }
    return host.real(whole, { ...createCollector(whole, effects), ...sink })
  }
  const services = real()
  const restorer = { plugin: 'life-os', tool: 'life-os.restore' }
  return {
    host,
    home,
    effects,
    services,
    real,
    preview(overlay = host.createOverlay()) {
      const recording: Recording = { changes: [], warnings: [], unknown: false }
      return { services: host.recording(base, overlay, recording), recording, overlay }
    },
    async undo(made, conflict = 'skip') {
      const conflicts: string[] = []
      for (const effect of made.toReversed()) {
        const outcome = await host.restore(effect, real(restorer), conflict)
        if (outcome.conflict !== null) conflicts.push(outcome.conflict)
      }
      return conflicts
    },
    async previewUndo(made, conflict = 'skip') {
      const recording: Recording = { changes: [], warnings: [], unknown: false }
      const services = host.recording({ ...base, ...restorer }, host.createOverlay(), recording)
      const conflicts: string[] = []
      for (const effect of made.toReversed()) {
        const outcome = await host.restore(effect, services, conflict)
        if (outcome.conflict !== null) conflicts.push(outcome.conflict)
      }
      return { recording, conflicts }
    },
    call: async <Result>(service: string, ...args: unknown[]) =>
      (await services.handle(service, args, new AbortController().signal)) as Result, // the test says which
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      if (options.home === undefined) await fs.rm(home, { recursive: true, force: true })
    },
  }
}

/** Keeps effect records as the journal would. */
export function createCollector(scope: CallScope, effects: EffectRecord[]): EffectSink {
  const find = (id: string): EffectRecord => {
    const effect = effects.find((one) => one.id === id)
    if (!effect) throw new LifeOsError('unexpected', `No effect ${id} was begun.`, { class: 'unexpected' })
    return effect
  }
  return {
    async begin(change: Change, before) {
      const { run, path: step, plugin, pluginVersion, tool } = scope
      const id = randomUUID()
      effects.push({
        id,
        run,
        path: step,
        try: scope.try,
        seq: effects.length,
        plugin,
        pluginVersion,
        tool,
        change,
        before,
        after: null,
        state: 'started',
        at: Date.now(),
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

/** Blobs as plain files: enough for a host without a store. */
export function createFolderBlobs(folder: string): Blobs {
  const at = (hash: string): string => path.join(folder, hash)
  const put = async (content: Uint8Array | string | AsyncIterable<Uint8Array>) => {
    const bytes =
      typeof content === 'string'
        ? Buffer.from(content)
        : content instanceof Uint8Array
          ? content
          : Buffer.concat(await Array.fromAsync(content))
    const hash = createHash('sha256').update(bytes).digest('hex')
    await fs.mkdir(folder, { recursive: true })
    await fs.writeFile(at(hash), bytes)
    return { hash, size: bytes.length }
  }
  const has = (hash: string) =>
    fs.access(at(hash)).then(
      () => true,
      () => false,
    )
  const found = async (hash: string): Promise<string> => {
    if (await has(hash)) return at(hash)
    throw new LifeOsError('blob-missing', `The blob ${hash} is not here.`)
  }
  return {
    put,
    putFile: async (file) => put(await fs.readFile(file)),
    get: async (hash) => fs.readFile(await found(hash)),
    path: found,
    has,
    keep: async () => {},
    release: async () => {},
    collect: async () => ({ removed: 0, bytes: 0 }),
  }
}
