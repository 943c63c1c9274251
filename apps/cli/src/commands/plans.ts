import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { plural } from '../output/units.ts'
import type { Command } from '../session.ts'
import { checkFile, faultLine, namedPlan } from './inputs.ts'

export const checkPlan: Command<{ plan: string }> = async (session, { plan: name }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const { faults, plan } = await checkFile(client, name)
  if (io.json) io.out(JSON.stringify({ ok: faults.length === 0, faults, plan: plan ?? null }))
  else if (faults.length === 0)
    io.out(`${paint('green', '✓')} ${plan?.name ?? name} is good: ${plural(plan?.steps.length ?? 0, 'step')} at the top.`)
  else for (const fault of faults) io.out(faultLine(fault, name))
  return faults.length === 0 ? EXIT.done : EXIT.usage
}

/** The plan as YAML, or as a Mermaid flowchart. */
export const printPlan: Command<{ plan: string; mermaid?: boolean }> = async (session, { plan: name, mermaid = false }) => {
  const { io } = session
  const { client } = await session.backend()
  const named = await namedPlan(client, name)
  const found = named.file ? await checkFile(client, name) : await client.plans.get({ id: name })
  if (io.json) io.out(JSON.stringify({ plan: named.plan, mermaid: found.mermaid }))
  else io.out((mermaid ? (found.mermaid ?? '') : found.text).trimEnd())
  return EXIT.done
}

export const listPlans: Command<{ search?: string }> = async (session, { search }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const page = await client.plans.list({ limit: 200, ...(search !== undefined && { search }) })
  if (io.json) io.out(JSON.stringify(page))
  else
    for (const line of table(
      page.items.map(({ plan, source, plugin }) => [plan.id, plan.version, paint('dim', plugin ?? source), plan.name]),
    ))
      io.out(line)
  return EXIT.done
}

export const savePlan: Command<{ plan: string }> = async (session, { plan: name }) => {
  const { io } = session
  const { client } = await session.backend()
  const { text } = await checkFile(client, name)
  const stored = await client.plans.save({ plan: text })
  if (io.json) io.out(JSON.stringify(stored))
  else io.out(`${stored.plan.id} ${stored.plan.version}`)
  return EXIT.done
}
