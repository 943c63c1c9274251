import { readFile } from 'node:fs/promises'
import { describePermission } from '@life-os/contract'
import type { AgentStatistics, StoredAgent } from '@life-os/contract'
import { agentInvalid, printAgent, readAgent } from '@life-os/kernel/agents'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { duration, plural, when } from '../output/units.ts'
import type { Command } from '../session.ts'

export const listAgents: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const agents = await client.agents.list()
  if (io.json) io.out(JSON.stringify(agents))
  else
    for (const line of table(
      agents.map((stored) => [
        stored.agent.id,
        stored.agent.version,
        paint('dim', origin(stored)),
        stored.enabled ? 'on' : paint('amber', 'off'),
        printable(stored.agent.name),
      ]),
    ))
      io.out(line)
  return EXIT.done
}

const origin = ({ plugin, changed }: StoredAgent): string => (plugin === null ? 'own' : changed ? `${plugin}, changed` : plugin)

export const showAgent: Command<{ id: string; text?: boolean }> = async (session, { id, text = false }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const found = await client.agents.get({ id })
  const { agent } = found
  if (text) {
    io.out(io.json ? JSON.stringify(agent) : printAgent(agent).trimEnd())
    return EXIT.done
  }
  const statistics = await client.agents.statistics({ id })
  if (io.json) {
    io.out(JSON.stringify({ ...found, statistics }))
    return EXIT.done
  }
  io.out(
    `${paint('bold', printable(agent.name))} ${paint('dim', `${agent.id} ${agent.version}, ${origin(found)}${found.enabled ? '' : ', off'}`)}`,
  )
  if (agent.description !== '') io.out(printable(agent.description))
  const facts: [string, string][] = [
    ['tools', agent.tools.join(', ') || 'none'],
    ['agents', agent.agents.join(', ') || 'none'],
    ['plans', agent.plans ? 'makes and starts plans' : 'no'],
    ['model', agent.model ?? 'as the router chooses'],
    ['limits', `${plural(agent.limits.rounds, 'round')}, ${plural(agent.limits.parallel, 'call')} at once`],
    ...(found.missing.length > 0 ? [['missing', paint('amber', found.missing.join(', '))] satisfies [string, string]] : []),
    ...found.permissions.map((permission, index): [string, string] => [
      index === 0 ? 'may ask to' : '',
      describePermission(permission).title,
    ]),
    ['so far', soFar(statistics)],
  ]
  for (const line of table(facts.map(([name, words]) => [paint('dim', name), printable(words)]))) io.out(line)
  io.out('')
  for (const line of agent.instructions.trimEnd().split('\n')) io.out(printable(line))
  return EXIT.done
}

function soFar({ runs, done, failed, time, tokens, approved, refused }: AgentStatistics): string {
  if (runs === 0) return 'nothing yet'
  const mean = time === null ? '' : `, ${duration(time)} each`
  return `${plural(runs, 'turn')} (${done} done, ${failed} failed)${mean}, ${plural(tokens, 'token')}; you approved ${approved} and refused ${refused}`
}

export const enableAgent: Command<{ id: string; enabled: boolean }> = async (session, options) => {
  const { io } = session
  const { client } = await session.backend()
  const stored = await client.agents.enable(options)
  io.out(io.json ? JSON.stringify(stored) : `${stored.agent.id} is ${stored.enabled ? 'on' : 'off'}.`)
  return EXIT.done
}

export const agentVersions: Command<{ id: string }> = async (session, { id }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const versions = await client.agents.versions({ id })
  if (io.json) io.out(JSON.stringify(versions))
  else for (const line of table(versions.map(({ version, at, by }) => [version, when(at), paint('dim', printable(by))]))) io.out(line)
  return EXIT.done
}

export const rollbackAgent: Command<{ id: string; version: string }> = async (session, options) => {
  const { io } = session
  const { client } = await session.backend()
  const stored = await client.agents.rollback(options)
  io.out(io.json ? JSON.stringify(stored) : `${stored.agent.id} ${stored.agent.version} says what ${options.version} said.`)
  return EXIT.done
}

/** Errors: `agent-invalid`, with every fault on a line of its own. */
export const saveAgent: Command<{ file: string }> = async (session, { file }) => {
  const { io } = session
  const read = readAgent(await readFile(file, 'utf8'))
  if (!read.ok) {
    if (io.json) throw agentInvalid(read.faults)
    for (const { path, message } of read.faults) io.out(printable(`${file}${path === '' ? '' : `, ${path}`}: ${message}`))
    return EXIT.usage
  }
  const { client } = await session.backend()
  const stored = await client.agents.save({ id: read.agent.id, agent: read.agent })
  io.out(io.json ? JSON.stringify(stored) : `${stored.agent.id} ${stored.agent.version}`)
  return EXIT.done
}

export const removeAgent: Command<{ id: string }> = async (session, { id }) => {
  const { io } = session
  const { client } = await session.backend()
  await client.agents.remove({ id })
  io.out(io.json ? JSON.stringify({ id }) : `${id} is removed, or again as it is shipped.`)
  return EXIT.done
}
