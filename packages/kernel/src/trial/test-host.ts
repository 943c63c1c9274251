import { randomUUID } from 'node:crypto'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { EffectRecord } from '@life-os/contract'
import type { CreateTestHost } from '@life-os/plugin-sdk/testing/checks'
import { createHost } from '../host/index.ts'
import type { Recording } from '../host/index.ts'
import { openStore } from '../store/index.ts'
import { keepEffects, takeBack } from './effects.ts'
import { grant, scopeFor } from './scope.ts'

/** The real host over a home of its own, for one call of one example; what it does is kept instead of journaled. */
export const createTestHost: CreateTestHost = async (options) => {
  const home = realpathSync(mkdtempSync(path.join(tmpdir(), 'life-os-test-host-')))
  const store = await openStore({ home })
  const host = createHost({ store, home })
  const scope = scopeFor(options, { run: randomUUID(), key: randomUUID() })
  const effects: EffectRecord[] = []
  const recording: Recording = { changes: [], warnings: [], unknown: false }
  const services =
    options.phase === 'preview' ? host.recording(scope, host.createOverlay(), recording) : host.real(scope, keepEffects(scope, effects))
  return {
    async handle(service, args, signal) {
      if (service === 'gate.request') return grant(scope, args[0], options)
      if (service === 'settings.get') return options.world.settings
      return services.handle(service, args, signal)
    },
    changes: () => (options.phase === 'preview' ? recording.changes : effects.map(({ change }) => change)),
    undo: () => takeBack(host, effects, options.world.home),
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
