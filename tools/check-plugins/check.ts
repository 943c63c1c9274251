import { openTestHosts } from '@life-os/kernel/trial'
import { contractChecks, openInProcess, probeLoading } from '@life-os/plugin-sdk/testing/checks'

/** What is to mend in a plugin of this repository, as sentences. `thorough`: its examples are played too. */
export async function checkPlugin(folder: string, { thorough }: { thorough: boolean }): Promise<string[]> {
  await using hosts = openTestHosts()
  const checks = contractChecks(folder, {
    createTestHost: hosts.create,
    open: openInProcess,
    probe: (place, { entry }) => probeLoading(place, entry),
  })
  const found: string[] = []
  for (const { name, tool, run } of checks) {
    if (tool !== null && !thorough) continue
    const faults = await run().catch((thrown: unknown) => [thrown instanceof Error ? thrown.message : String(thrown)])
    found.push(...faults.map((fault) => `${tool === null ? name : `${tool} ${name}`}: ${fault}`))
  }
  return found
}
