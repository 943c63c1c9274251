import { LifeOsError } from '@life-os/contract'
import { openTestHosts } from '@life-os/kernel/trial'
import { contractChecks } from '@life-os/plugin-sdk/testing/checks'
import type { ContractCheck } from '@life-os/plugin-sdk/testing/checks'
import type { BoxedPlugins } from '@life-os/kernel/trial'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Command, Session } from '../session.ts'
import { openBoxes } from './boxes.ts'
import { pluginFolder } from './places.ts'

export interface Checked {
  name: string
  tool: string | null
  /** What to mend; null when it was not looked at, because the code does not start. */
  faults: string[] | null
}

/** Holds a plugin to the contract. Its code runs in a box, its examples in a world of their own. */
export const checkPlugin: Command<{ folder: string; against?: string }> = async (session, { folder, against }) => {
  const { io, paint } = session
  await using boxes = await openBoxes(session)
  const before = against === undefined ? undefined : pluginFolder(against)
  const checked = await runChecks(boxes, {
    folder: pluginFolder(folder),
    against: before,
    onChecked: (one) => io.json || tell(session, one),
  })
  const failed = checked.filter(({ faults }) => faults === null || faults.length > 0)
  if (io.json) io.out(JSON.stringify({ ok: failed.length === 0, checks: checked }))
  else if (failed.length === 0) io.out(paint('green', `All ${checked.length} checks passed.`))
  else io.out(paint('red', `${failed.length} of ${checked.length} checks ask for something.`))
  return failed.length === 0 ? EXIT.done : EXIT.failed
}

export interface RunChecksOptions {
  folder: string
  against?: string | undefined
  /** Only what concerns the whole plugin: no example is played. */
  quick?: boolean
  onChecked(one: Checked): unknown
}

/** One check after the other; when the code cannot be loaded the rest is not looked at. */
export async function runChecks(boxes: BoxedPlugins, { folder, against, quick = false, onChecked }: RunChecksOptions): Promise<Checked[]> {
  await using hosts = openTestHosts()
  const checks = contractChecks(folder, { createTestHost: hosts.create, open: boxes.open, probe: boxes.probe, against })
  const checked: Checked[] = []
  let starts = true
  for (const check of checks) {
    if (quick && check.tool !== null) continue
    const { faults, broken }: Outcome = starts ? await outcomeOf(check) : { faults: null, broken: false }
    starts &&= !broken
    const one = { name: check.name, tool: check.tool, faults }
    checked.push(one)
    onChecked(one)
  }
  return checked
}

interface Outcome {
  faults: string[] | null
  /** Its code cannot be loaded. */
  broken: boolean
}

async function outcomeOf({ run }: ContractCheck): Promise<Outcome> {
  try {
    return { faults: await run(), broken: false }
  } catch (thrown) {
    const broken = thrown instanceof LifeOsError && thrown.code === 'plugin-invalid'
    return { faults: [thrown instanceof Error ? thrown.message : String(thrown)], broken }
  }
}

/** The names of checks are ours; ids and faults hold what a stranger wrote. */
export function tell({ io, paint }: Pick<Session, 'io' | 'paint'>, { name, tool, faults }: Checked): void {
  const about = `${tool === null ? '' : `${printable(tool)} `}${name}`
  if (faults === null) return io.out(`${paint('amber', '–')} ${paint('dim', `${about}: not looked at`)}`)
  io.out(`${faults.length === 0 ? paint('green', '✓') : paint('red', '✗')} ${about}`)
  for (const fault of faults) for (const line of fault.split('\n')) io.out(`    ${printable(line)}`)
}
