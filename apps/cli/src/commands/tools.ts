import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import type { Command } from '../session.ts'

export const listTools: Command<{ id?: string }> = async (session, { id }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const all = await client.tools.list()
  const tools = id === undefined ? all : all.filter((tool) => tool.id === id || tool.plugin === id)
  if (id !== undefined && tools.length === 0) {
    io.note(`There is no tool or plugin “${id}”. “lifeos tools” lists them.`)
    return EXIT.usage
  }
  const tint = { read: 'dim', write: 'amber', external: 'red' } as const
  if (io.json) io.out(JSON.stringify(tools))
  else for (const line of table(tools.map((tool) => [tool.id, paint(tint[tool.effect], tool.effect), tool.title]))) io.out(line)
  return EXIT.done
}

/** The emergency stop, and lifting it. */
export const emergencyStop: Command<{ lift?: boolean }> = async (session, { lift = false }) => {
  const { io } = session
  const { client } = await session.backend()
  if (lift) {
    await client.runs.liftStop()
    if (io.json) io.out(JSON.stringify({ lifted: true }))
    else io.out('The emergency stop is lifted. Go on with: lifeos runs resume')
    return EXIT.done
  }
  const { stopped } = await client.runs.stopAll()
  if (io.json) io.out(JSON.stringify({ stopped }))
  else
    io.out(
      `Stopped. ${stopped === 0 ? 'Nothing was running.' : `${stopped} running.`} No effect happens until it is lifted: lifeos stop --lift`,
    )
  return EXIT.done
}
