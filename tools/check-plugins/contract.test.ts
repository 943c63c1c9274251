import path from 'node:path'
import { openTestHosts } from '@life-os/kernel/trial'
import { contractChecks, openInProcess, probeLoading } from '@life-os/plugin-sdk/testing/checks'
import { afterAll, expect, test } from 'vitest'
import { pluginFolders } from './places.ts'

const hosts = openTestHosts()
afterAll(() => hosts[Symbol.asyncDispose]())

const faulty = path.join(import.meta.dirname, 'fixtures', 'faulty')

async function faultsOf(folder: string, against?: string): Promise<Map<string, string[]>> {
  const checks = contractChecks(folder, {
    createTestHost: hosts.create,
    open: openInProcess,
    probe: (place, { entry }) => probeLoading(place, entry),
    against,
  })
  const found = new Map<string, string[]>()
  for (const { name, tool, run } of checks) {
    const faults = await run()
    if (faults.length > 0) found.set(tool === null ? name : `${tool} ${name}`, faults)
  }
  return found
}

test('a plugin that breaks one rule with each tool is found out in each, and in nothing else', async () => {
  const faults = await faultsOf(faulty)
  const about = Object.fromEntries([...faults].map(([name, sentences]) => [name, sentences.join('\n')]))
  const promised: Record<string, RegExp> = {
    'says in plain words why it asks for what': /fs\.read:\*\*: say in a sentence/,
    'has a README that speaks of every tool, plan and agent': /faulty\.gullible/,
    'says where it stands on the quality scale': /claims gold, but "progress-shown"/,
    'declares exactly what it registers': /defines faulty\.hidden, manifest\.json does not name it/,
    'faulty.swallow refuses without permission': /goes on although fs\.stat was refused/,
    'faulty.reword refuses without permission': /when fs\.readText is refused it fails with no-list/,
    'faulty.stumble copes with answers at and above the limits': /given as much as the host ever answers it fails with tool-failed/,
    'faulty.promise runs its examples': /“A list”: its output differs: size is 9 instead of 1000/,
    'faulty.repeat does no more when run twice, if it says so': /more than once: Documents.list\.json/,
    'faulty.idle previews its effect and changes nothing by it': /shows no change/,
    'faulty.pretend is taken back by an undo': /its compensate does nothing/,
    'faulty.stray runs its examples': /“Of this machine”: it fails with path-not-allowed/,
    'faulty.stray previews its effect and changes nothing by it': /path-not-allowed/,
    'faulty.gullible refuses bad input and names the place': /checks no field/,
  }
  for (const [name, sentence] of Object.entries(promised)) expect(about[name] ?? 'nothing', name).toMatch(sentence)
  expect(Object.keys(about).toSorted()).toEqual(Object.keys(promised).toSorted())
}, 60_000)

test.each(pluginFolders().map((folder) => [path.basename(folder), folder]))(
  'the plugin %s keeps to its own present version',
  async (_, folder) => {
    const checks = contractChecks(folder, {
      createTestHost: hosts.create,
      open: openInProcess,
      probe: (place, { entry }) => probeLoading(place, entry),
      against: folder,
    })
    expect(await checks.find(({ name }) => name.startsWith('keeps'))?.run()).toEqual([])
  },
)
