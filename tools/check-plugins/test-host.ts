import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Change } from '@life-os/contract'
import { needsOf } from '@life-os/kernel/gate'
import { createHost } from '@life-os/kernel/host'
import type { CallScope, EffectSink, Recording } from '@life-os/kernel/host'
import { openStore } from '@life-os/kernel/store'
import type { CreateTestHost } from '@life-os/plugin-sdk/testing'

/** The real host with exactly the needs that a tool declares; what it does is collected instead of journaled. */
export const createTestHost: CreateTestHost = async ({ tool, input, phase }) => {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-test-host-')))
  const store = await openStore({ home })
  const host = createHost({ store, home })
  const scope: CallScope = {
    run: randomUUID(),
    path: 'example',
    try: 1,
    plugin: tool.plugin,
    pluginVersion: tool.version,
    tool: tool.id,
    key: randomUUID(),
    effect: tool.effect,
    reversal: tool.reversal,
    allowed: needsOf(tool, input),
    labels: [],
  }
  const done: Change[] = []
  const recording: Recording = { changes: [], warnings: [], unknown: false }
  const sink: EffectSink = {
    async begin(change) {
      done.push(change)
      return randomUUID()
    },
    finish: async () => undefined,
    abandon: async () => undefined,
    approvedTarget: () => undefined,
  }
  const services = phase === 'preview' ? host.recording(scope, host.createOverlay(), recording) : host.real(scope, sink)
  return {
    handle: (service, args, signal) => services.handle(service, args, signal),
    changes: () => (phase === 'preview' ? recording.changes : done),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
