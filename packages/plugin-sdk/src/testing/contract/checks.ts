import type { Manifest } from '@life-os/contract'
import { compatibilityFaults } from '../../tool/index.ts'
import { importFaults, qualityFileFaults, readManifest, readmeFaults } from '../folder.ts'
import { agentFaults } from './agents.ts'
import { agreesWithManifest, isDescribed, schemasParse } from './described.ts'
import { examplesRun, previewChangesNothing, twiceIsOnce, undoRestores } from './effects.ts'
import { badInputRefused, limitsHandled, refusesWithoutPermission } from './hardships.ts'
import type { ContractCheck, ContractOptions, OpenPlugin, Subject } from './types.ts'

const TOOL_CHECKS: readonly [name: string, run: (subject: Subject, tool: string) => Promise<string[]>][] = [
  ['is described for people and models', isDescribed],
  ['has schemas that fit its examples', schemasParse],
  ['refuses bad input and names the place', badInputRefused],
  ['runs its examples', examplesRun],
  ['previews its effect and changes nothing by it', previewChangesNothing],
  ['refuses without permission', refusesWithoutPermission],
  ['is taken back by an undo', undoRestores],
  ['does no more when run twice, if it says so', twiceIsOnce],
  ['copes with answers at and above the limits', limitsHandled],
]

/** Everything a plugin must satisfy, in the order it is worth reading; with a manifest that cannot be read, that alone. */
export function contractChecks(folder: string, options: ContractOptions): ContractCheck[] {
  const { manifest, faults } = readManifest(folder)
  const valid: ContractCheck = { name: 'has a valid manifest', tool: null, run: async () => faults }
  if (!manifest) return [valid]
  const subject: Subject = { folder, manifest, options, plugin: once(() => options.open(folder, manifest)), previewed: new Map() }
  const { against } = options
  return [
    valid,
    ...folderChecks(subject),
    { name: 'loads without reaching for anything and leaves nothing running', tool: null, run: () => loading(subject) },
    { name: 'declares exactly what it registers', tool: null, run: () => agreesWithManifest(subject) },
    ...(against === undefined
      ? []
      : [{ name: 'keeps what the version before promised', tool: null, run: () => compatible(subject, against) }]),
    ...manifest.tools.flatMap((tool) => TOOL_CHECKS.map(([name, run]) => ({ name, tool, run: () => run(subject, tool) }))),
  ]
}

function folderChecks({ folder, manifest }: Subject): ContractCheck[] {
  const whole = (name: string, run: () => string[]): ContractCheck => ({ name, tool: null, run: async () => run() })
  return [
    whole('imports the SDK, Zod, itself and its own dependencies alone', () => importFaults(folder)),
    whole('says in plain words why it asks for what', () => reasonFaults(manifest)),
    whole('has a README that speaks of every tool, plan and agent', () => readmeFaults(folder, manifest)),
    ...(manifest.agents.length > 0 ? [whole('ships agents that can be read', () => agentFaults(folder, manifest))] : []),
    whole('says where it stands on the quality scale', () => qualityFileFaults(folder)),
  ]
}

/** Against the folder of the version before: what changed for those who use it needs its part of the version number. */
async function compatible({ manifest, options, plugin }: Subject, against: string): Promise<string[]> {
  const before = readManifest(against)
  if (!before.manifest) return before.faults.map((fault) => `the version before: ${fault}`)
  if (before.manifest.id !== manifest.id) return [`${against} holds the plugin ${before.manifest.id}, not an older ${manifest.id}`]
  const [{ tools: had }, { tools }] = [await options.open(against, before.manifest), await plugin()]
  return compatibilityFaults({ manifest: before.manifest, tools: had }, { manifest, tools })
}

function reasonFaults({ permissions }: Manifest): string[] {
  return permissions
    .filter(({ reason }) => reason.trim().split(/\s+/).length < 3)
    .map(({ permission }) => `manifest.json, ${permission}: say in a sentence what it is for; people read it before they accept`)
}

async function loading({ folder, manifest, options }: Subject): Promise<string[]> {
  const { reached, unloaded, error } = await options.probe(folder, manifest)
  if (error !== undefined) return [`its code cannot be loaded: ${error}`]
  return [
    ...(reached.length === 0 ? [] : [`loading it reaches for ${reached.join(', ')}: do that in a tool, through the host`]),
    ...(unloaded ? [] : ['it leaves something running after “stop”: end timers and listeners there']),
  ]
}

function once(open: () => Promise<OpenPlugin>): () => Promise<OpenPlugin> {
  let opened: Promise<OpenPlugin> | undefined
  return () => (opened ??= open())
}
