import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { contractChecks } from './contract/checks.ts'
import { openInProcess } from './contract/in-process.ts'
import { probeLoading } from './probe.ts'
import { providedTestHost } from './test-host.ts'
import type { CreateTestHost } from './test-host.ts'

export interface ContractSuiteOptions {
  /** The plugin's folder: `import.meta.dirname` in its `contract.test.ts`. */
  folder: string
  /** The host that examples run on; default: the one the test set-up provides. */
  createTestHost?: CreateTestHost
}

const PATIENCE = 30_000

/** What every plugin must satisfy, as tests. Three lines in `plugins/<id>/contract.test.ts` run it. */
export function contractSuite({ folder, createTestHost }: ContractSuiteOptions): void {
  const checks = contractChecks(folder, {
    open: openInProcess,
    probe: (place, { entry }) => probeLoading(place, entry),
    createTestHost(options) {
      const create = createTestHost ?? providedTestHost()
      if (!create) throw new Error("No test host is provided: run this through the repository's vitest configuration.")
      return create(options)
    },
  })
  describe(`the plugin ${path.basename(folder)}`, () => {
    for (const { name, run } of checks.filter(({ tool }) => tool === null))
      test(name, async () => expect(await run()).toEqual([]), PATIENCE)
    for (const [tool, own] of Map.groupBy(checks, (check) => check.tool)) {
      if (tool === null) continue
      describe(tool, () => {
        for (const { name, run } of own) test(name, async () => expect(await run()).toEqual([]), PATIENCE)
      })
    }
  })
}
