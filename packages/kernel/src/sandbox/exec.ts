import { launch } from './box/launch.ts'
import type { BoxPlan } from './box/plan.ts'
import type { Maker } from './box/types.ts'
import { collect } from './collect.ts'
import { execPlan } from './exec-box.ts'
import type { Identity } from './identity.ts'
import type { ExecOutcome, ExecRequest } from './types.ts'

export interface ExecBoxes {
  maker: Maker
  identity: Identity | null
  /** Files that tell a program who it is. */
  users: BoxPlan['files']
}

/** Runs one command in a box of its own. Errors: those of `Sandbox.exec`. */
export async function execInBox({ maker, identity, users }: ExecBoxes, request: ExecRequest, signal: AbortSignal): Promise<ExecOutcome> {
  const box = launch(maker, { plan: execPlan(request, users), identity, pipe: false, stdin: request.stdin !== null })
  const { entered, ended, ranOutOfMemory } = box
  return collect({ request, signal, entered, ended, streams: box, ranOutOfMemory, kill: () => box.kill() })
}
