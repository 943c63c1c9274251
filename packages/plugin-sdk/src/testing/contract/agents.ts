import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Agent } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'
import { parseDocument } from 'yaml'
import { yamlIn } from '../folder.ts'

/** What is wrong with the agents that a plugin ships, each as a sentence that says what to change. */
export function agentFaults(folder: string, manifest: Manifest): string[] {
  return yamlIn(folder, 'agents').flatMap((id) => {
    const file = `src/agents/${id}.yaml`
    return faultsOf(readFileSync(path.join(folder, file), 'utf8'), id, manifest).map((fault) => `${file}: ${fault}`)
  })
}

function faultsOf(text: string, id: string, manifest: Manifest): string[] {
  const document = parseDocument(text, { version: '1.2', schema: 'core', stringKeys: true, prettyErrors: false, logLevel: 'silent' })
  if (document.errors.length > 0) return document.errors.map(({ message }) => message.split('\n')[0] ?? message)
  const read = Agent.safeParse(document.toJS({ maxAliasCount: 0 }))
  if (!read.success) return read.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  const agent = read.data
  const own = agent.tools.filter((tool) => tool.startsWith(`${manifest.id}.`) && !tool.endsWith('.*'))
  return [
    ...(agent.id === id ? [] : [`it says id "${agent.id}", the file is named "${id}": give both the same name`]),
    ...(agent.description === '' ? ['say in "description" what it is for: people choose by it'] : []),
    ...own.filter((tool) => !manifest.tools.includes(tool)).map((tool) => `it names ${tool}, which this plugin does not have`),
    ...(agent.examples.length > 0 ? [] : ['give at least one example: what is said, the tools it calls, words of its answer']),
    ...agent.examples.flatMap(({ title, tools }) =>
      tools.filter((tool) => !mayCall(agent, tool)).map((tool) => `its example “${title}” calls ${tool}, which is not among its tools`),
    ),
  ]
}

/** The kernel's own tools come with `plans`, `agents` and the conversation, not by name. */
const mayCall = ({ tools }: Agent, tool: string): boolean =>
  tool.startsWith('life-os.') || tools.includes(tool) || tools.includes(`${tool.slice(0, tool.indexOf('.'))}.*`)
