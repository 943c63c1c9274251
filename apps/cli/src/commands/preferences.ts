import { LifeOsError } from '@life-os/contract'
import type { Preference } from '@life-os/contract'
import type { Client } from '../backend/client.ts'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { plural } from '../output/units.ts'
import type { Command } from '../session.ts'

/** What a person types for a sentence: the end of its id, which differs most. */
const SHOWN = 8

export const listPreferences: Command<{ agent?: string }> = async (session, { agent }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const list = await client.agents.preferences(agent === undefined ? {} : { agent })
  if (io.json) io.out(JSON.stringify(list))
  else if (list.length === 0) io.note('Nothing is learned yet. Write a sentence: lifeos preferences say "Answer in German."')
  else
    for (const line of table(
      list.map((one) => [
        one.id.slice(-SHOWN),
        one.state === 'proposed' ? paint('amber', 'proposed') : one.state,
        printable(one.sentence),
        paint('dim', whence(one)),
      ]),
    ))
      io.out(line)
  return EXIT.done
}

function whence({ origin, evidence, agent, labels }: Preference): string {
  const from = origin === 'person' ? 'you wrote it' : `from ${plural(evidence.length, 'decision')}`
  return [from, ...(agent === null ? [] : [`for ${agent}`]), ...(labels.includes('private') ? ['private: local models alone'] : [])].join(
    ', ',
  )
}

export const setPreference: Command<{ id: string; state: Preference['state']; say?: string }> = async (session, { id, state, say }) => {
  const { io } = session
  const { client } = await session.backend()
  const changed = await client.agents.setPreference({ id: await idOf(client, id), state, ...(say !== undefined && { sentence: say }) })
  io.out(io.json ? JSON.stringify(changed) : `${state === 'kept' ? 'Agents are told' : 'Nobody is told'}: ${printable(changed.sentence)}`)
  return EXIT.done
}

export const addPreference: Command<{ sentence: string; agent?: string }> = async (session, { sentence, agent = null }) => {
  const { io } = session
  const { client } = await session.backend()
  const added = await client.agents.addPreference({ sentence, agent })
  io.out(io.json ? JSON.stringify(added) : `${agent === null ? 'Agents are' : `${printable(agent)} is`} told: ${printable(added.sentence)}`)
  return EXIT.done
}

export const forgetPreference: Command<{ id: string }> = async (session, { id }) => {
  const { io } = session
  const { client } = await session.backend()
  const whole = await idOf(client, id)
  await client.agents.removePreference({ id: whole })
  io.out(io.json ? JSON.stringify({ id: whole }) : 'Forgotten.')
  return EXIT.done
}

/** Errors: `preference-missing`, also where more than one ends so. */
async function idOf(client: Client, given: string): Promise<string> {
  const found = (await client.agents.preferences({})).filter(({ id }) => id.endsWith(given))
  const [first] = found
  if (first && found.length === 1) return first.id
  const what =
    found.length === 0 ? `No sentence has the id ${given}.` : `${found.length} sentences have ids that end with ${given}: write more of it.`
  throw new LifeOsError('preference-missing', `${what} See “lifeos preferences”.`)
}
