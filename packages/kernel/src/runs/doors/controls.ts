import { LifeOsError, type Actor, type Budget, type Run } from '@life-os/contract'
import type { RunRow } from '../../store/index.ts'
import { openChildren } from '../agents/children.ts'
import { finish } from '../record/conclude.ts'
import type { Prelude } from '../drive/engine.ts'
import type { Parts } from '../parts.ts'
import { raised } from './raise-budget.ts'
import { FINISHED } from '../states.ts'
import type { Runs } from '../types.ts'

type Controls = Pick<Runs, 'resume' | 'cancel' | 'pause' | 'retry' | 'stopAll' | 'liftStop' | 'stopped'>

/** How people steer runs that exist. */
export function createControls(parts: Parts): Controls {
  const { gate } = parts.context.deps
  return {
    resume: (id, actor, budget) => resume(parts, id, actor, budget),
    cancel: (id, actor) => cancel(parts, id, actor),
    pause: (id, actor) => pause(parts, id, actor),
    retry: (id, step, actor) => retry(parts, id, step, actor),
    stopAll: (actor) => stopAll(parts, actor),
    async liftStop(actor) {
      await gate.setEmergencyStop(false, actor.id)
      await parts.context.deps.events.publish('stop.lifted', { by: actor.id })
    },
    stopped: () => gate.emergencyStop(),
  }
}

const GOING_AGAIN: Partial<RunRow> = { state: 'running', finished_at: null, error_json: null, error_path: null }

function resumed({ deps }: Parts['context'], actor: Actor, budget?: Budget): Prelude {
  const raise = budget && raised(budget, actor, () => deps.clock.now())
  return async (live) => {
    await raise?.(live)
    await live.commit({ type: 'run-resumed', by: actor.id }, { kind: 'run-update', patch: GOING_AGAIN })
  }
}

async function resume({ context, engine, queries }: Parts, id: string, actor: Actor, budget?: Budget) {
  const row = await queries.rowOf(id)
  if (context.deps.gate.emergencyStop()) throw new LifeOsError('emergency-stop', 'The emergency stop is on. Lift it first.')
  if (row.state === 'done' || row.state === 'cancelled')
    throw new LifeOsError('run-over', `This run is ${row.state}. Start the plan again instead.`)
  if (row.state === 'failed') throw new LifeOsError('run-failed', 'This run failed. Retry it from the failed step.')
  if (row.approval && row.state === 'waiting')
    throw new LifeOsError('run-waits', 'This run waits for an answer. See the Inbox or `lifeos approve`.')
  const isAtRest = row.state === 'paused' || row.state === 'stopped'
  if (budget && !isAtRest) throw new LifeOsError('run-going', 'This run goes on already. Allow it more once it has stopped or is paused.')
  if (row.state === 'previewing') await engine.preview(id, true)
  else await engine.execute(id, isAtRest ? resumed(context, actor, budget) : undefined)
  return queries.get(id)
}

async function cancel(parts: Parts, id: string, actor: Actor): Promise<Run> {
  const { context, engine, queries, settled } = parts
  const live = engine.live(id)
  if (live) {
    live.halt = 'cancel'
    live.abort.abort(new LifeOsError('call-revoked', 'The run was cancelled.'))
    const ended = await settled(id)
    await cancelChildren(parts, id, actor)
    return ended
  }
  refuseFinished(await queries.rowOf(id))
  await engine.touch(id, async (held) => {
    held.halt = 'cancel'
    await finish(context, held, { type: 'run-finished', state: 'cancelled' })
  })
  await context.deps.store.audit.append({
    kind: 'run',
    actor: actor.id,
    run: id,
    step: null,
    tool: null,
    verdict: null,
    rule: 'run-cancelled',
    data: {},
  })
  await cancelChildren(parts, id, actor)
  return queries.get(id)
}

/** Nobody waits any more for what it started. */
async function cancelChildren(parts: Parts, id: string, actor: Actor): Promise<void> {
  for (const child of await openChildren(parts.context.deps, id))
    await cancel(parts, child, actor).catch((error: unknown) => {
      if (!(error instanceof LifeOsError) || error.code !== 'run-over') throw error // it ended just now
    })
}

async function pause({ engine, queries, settled }: Parts, id: string, actor: Actor) {
  const live = engine.live(id)
  if (live) {
    live.halt ??= 'pause'
    return settled(id)
  }
  const row = await queries.rowOf(id)
  refuseFinished(row)
  if (row.approval) return queries.get(id) // it holds nothing and waits for a person already
  await engine.touch(id, (held) =>
    held.commit({ type: 'run-paused', by: actor.id }, { kind: 'run-update', patch: { state: 'paused', owner: null, lease_until: null } }),
  )
  return queries.get(id)
}

function refuseFinished(row: RunRow): void {
  if (FINISHED.has(row.state)) throw new LifeOsError('run-over', `This run is already ${row.state}.`)
}

async function retry({ context, engine, queries }: Parts, id: string, step: string | undefined, actor: Actor) {
  const row = await queries.rowOf(id)
  if (row.state !== 'failed' && row.state !== 'stopped')
    throw new LifeOsError('run-not-failed', `This run is ${row.state}; only a failed or stopped one can be retried.`)
  const path = step ?? row.error_path ?? ''
  await engine.execute(id, async (live) => {
    if (path !== '') live.note({ type: 'step-reset', path })
    await resumed(context, actor)(live)
  })
  return queries.get(id)
}

async function stopAll({ context, engine }: Parts, actor: Actor) {
  const { gate, events } = context.deps
  const marked = gate.setEmergencyStop(true, actor.id)
  const active = engine.active()
  for (const live of active) {
    live.halt = 'stop'
    live.abort.abort(new LifeOsError('emergency-stop', 'The emergency stop is on.'))
  }
  await marked
  await events.publish('stop.set', { by: actor.id })
  return { stopped: active.length }
}
