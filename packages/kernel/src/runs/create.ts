import { LifeOsError, type Actor, type ProgressNote, type StartUndo } from '@life-os/contract'
import type { RunRow } from '../store/index.ts'
import { answerApproval, editApproval, expireApproval, untickApproval } from './answers.ts'
import { finish } from './conclude.ts'
import type { RunsContext } from './context.ts'
import { createRun, createUndoRun } from './creation.ts'
import { effectsOf } from './effects.ts'
import { createEngine } from './engine.ts'
import { createInnerTools } from './inner-tools.ts'
import { createLanes } from './lanes.ts'
import { createQueries } from './queries.ts'
import { createToolbox } from './toolbox.ts'
import { emptyTrash, forgetExpired, restoreTrash } from './trash.ts'
import type { Runs, RunsDeps } from './types.ts'
import { undoPlanFor } from './undo-plan.ts'
import { createWakes } from './wakes.ts'

const FINISHED = new Set(['done', 'failed', 'cancelled', 'stopped'])

/** Builds the runs of one store. Disposing pauses nothing on disk: what was going goes on at the next start. */
export function createRuns(deps: RunsDeps): Runs {
  const listeners = new Set<(note: ProgressNote) => void>()
  const context: RunsContext = {
    deps,
    toolbox: createToolbox(deps.plugins, createInnerTools(deps)),
    lanes: createLanes(),
    progress: (note) => { for (const listener of listeners) listener(note) },
  }
  const background = (work: Promise<unknown>, what: string): void => { work.catch((error: unknown) => deps.logger.error({ error: String(error) }, what)) }
  const engine = createEngine(context, () => background(wakes.arm(), 'waits could not be armed'))
  const queries = createQueries(context, engine)
  const wakes = createWakes(deps, {
    resume: (run) => background(engine.execute(run), 'a waiting run could not go on'),
    eventCame: (run, path, event) => engine.execute(run, async (live) => {
      if (live.fold.steps.get(path)?.state !== 'waiting') return
      const output = { value: { at: event.at, event: event.data }, labels: [...event.labels] }
      await live.commit({ type: 'wait-finished', path, output }, { kind: 'wait-delete', path })
    }),
    expire: (approval) => expireApproval(context, engine, approval),
  })
  const settled = async (id: string) => {
    await engine.settled(id)
    return queries.get(id)
  }
  const previewed = async (row: RunRow, auto: boolean) => {
    const run = await engine.preview(row.id, auto)
    const preview = await queries.previewOf(row.id)
    if (!preview) throw new LifeOsError('preview-failed', run.error?.message ?? 'The preview did not come to an end. Try again.', { class: 'operational' })
    return { run, preview }
  }
  const undoRow = async (id: string, options: StartUndo, actor: Actor): Promise<RunRow> => {
    await engine.settled(id)
    const row = await queries.rowOf(id)
    if (row.undone_by) throw new LifeOsError('already-undone', `This run was already undone by the run ${row.undone_by}. Undo that one to get it back.`)
    const going = await deps.store.db.selectFrom('runs').select('id').where('of', '=', id).where('kind', '=', 'undo').where('state', 'in', ['queued', 'running', 'paused']).executeTakeFirst()
    if (going) throw new LifeOsError('undo-running', `This run is being undone already, by the run ${going.id}.`, { details: { run: going.id } })
    const { plan, inputs } = undoPlanFor(row.plan_name, await effectsOf(deps.store, id), options)
    return createUndoRun(context, row, plan, inputs, options, actor)
  }

  return {
    ...queries,
    settled,
    async preview(request, actor) {
      return previewed(await createRun(context, request, actor, 'previewing'), false)
    },
    async start(request, actor) {
      const row = await createRun(context, request, actor, request.mode === 'draft' ? 'previewing' : 'queued')
      if (request.mode === 'draft') background(engine.preview(row.id, true), 'a preview failed')
      else await engine.execute(row.id)
      return queries.get(row.id)
    },
    async undoPreview(id, options, actor) {
      return previewed(await undoRow(id, options, actor), false)
    },
    async undo(id, options, actor) {
      const row = await undoRow(id, options, actor)
      const { run, preview } = await previewed(row, false)
      if (run.approval) await answerApproval(context, engine, run.approval, { answer: 'approve', hash: preview.summary.hash, except: [], exceptGlobs: [], final: true, remember: 'no' }, actor)
      return queries.get(row.id)
    },
    async resume(id, actor) {
      const row = await queries.rowOf(id)
      if (deps.gate.emergencyStop()) throw new LifeOsError('emergency-stop', 'The emergency stop is on. Lift it first.')
      if (row.state === 'done' || row.state === 'cancelled') throw new LifeOsError('run-over', `This run is ${row.state}. Start the plan again instead.`)
      if (row.state === 'failed') throw new LifeOsError('run-failed', 'This run failed. Retry it from the failed step.')
      if (row.approval && row.state === 'waiting') throw new LifeOsError('run-waits', 'This run waits for an answer. See the Inbox or `lifeos approve`.')
      if (row.state === 'previewing') await engine.preview(id, true)
      else await engine.execute(id, row.state === 'paused' || row.state === 'stopped' ? async (live) => live.commit({ type: 'run-resumed', by: actor.id }, { kind: 'run-update', patch: { state: 'running', finished_at: null, error_json: null, error_path: null } }) : undefined)
      return queries.get(id)
    },
    async cancel(id, actor) {
      const live = engine.live(id)
      if (live) {
        live.halt = 'cancel'
        live.abort.abort(new LifeOsError('call-revoked', 'The run was cancelled.'))
        return settled(id)
      }
      const row = await queries.rowOf(id)
      if (FINISHED.has(row.state)) throw new LifeOsError('run-over', `This run is already ${row.state}.`)
      await engine.touch(id, async (held) => {
        held.halt = 'cancel'
        await finish(context, held, { type: 'run-finished', state: 'cancelled' })
      })
      await deps.store.audit.append({ kind: 'run', actor: actor.id, run: id, step: null, tool: null, verdict: null, rule: 'run-cancelled', data: {} })
      return queries.get(id)
    },
    async pause(id, actor) {
      const live = engine.live(id)
      if (live) {
        live.halt ??= 'pause'
        return settled(id)
      }
      const row = await queries.rowOf(id)
      if (FINISHED.has(row.state)) throw new LifeOsError('run-over', `This run is already ${row.state}.`)
      if (row.approval) return queries.get(id) // it holds nothing and waits for a person already
      await engine.touch(id, (held) => held.commit({ type: 'run-paused', by: actor.id }, { kind: 'run-update', patch: { state: 'paused', owner: null, lease_until: null } }))
      return queries.get(id)
    },
    async retry(id, step, actor) {
      const row = await queries.rowOf(id)
      if (row.state !== 'failed' && row.state !== 'stopped') throw new LifeOsError('run-not-failed', `This run is ${row.state}; only a failed or stopped one can be retried.`)
      const path = step ?? row.error_path ?? ''
      await engine.execute(id, async (live) => {
        if (path !== '') live.note({ type: 'step-reset', path })
        await live.commit({ type: 'run-resumed', by: actor.id }, { kind: 'run-update', patch: { state: 'running', finished_at: null, error_json: null, error_path: null } })
      })
      return queries.get(id)
    },
    async stopAll(actor) {
      const marked = deps.gate.setEmergencyStop(true, actor.id)
      const active = engine.active()
      for (const live of active) {
        live.halt = 'stop'
        live.abort.abort(new LifeOsError('emergency-stop', 'The emergency stop is on.'))
      }
      await marked
      await deps.events.publish('stop.set', { by: actor.id })
      return { stopped: active.length }
    },
    async liftStop(actor) {
      await deps.gate.setEmergencyStop(false, actor.id)
      await deps.events.publish('stop.lifted', { by: actor.id })
    },
    stopped: () => deps.gate.emergencyStop(),
    async answer(approval, answer, actor) {
      if (deps.gate.emergencyStop() && answer.answer !== 'refuse') throw new LifeOsError('emergency-stop', 'The emergency stop is on. Lift it before you approve anything.')
      return queries.get(await answerApproval(context, engine, approval, answer, actor))
    },
    untick: (approval, except, globs) => untickApproval(context, engine, approval, except, globs),
    edit: (approval, inputs, allow, actor) => editApproval(context, engine, approval, inputs, allow, actor),
    emptyTrash: (actor) => emptyTrash(context, queries.trashItems, actor),
    async restoreTrash(effects, actor) {
      return restoreTrash(context, effects, async (run, chosen) => {
        const row = await queries.rowOf(run)
        const { plan, inputs } = undoPlanFor(row.plan_name, await effectsOf(deps.store, run), { conflicts: 'keep-both', effects: chosen })
        const undo = await createUndoRun(context, { ...row, id: run }, plan, inputs, { conflicts: 'keep-both', effects: chosen }, actor)
        const { run: waiting, preview } = await previewed(undo, false)
        if (waiting.approval) await answerApproval(context, engine, waiting.approval, { answer: 'approve', hash: preview.summary.hash, except: [], exceptGlobs: [], final: true, remember: 'no' }, actor)
        await engine.settled(undo.id)
        return undo.id
      })
    },
    async prune() {
      const { trashLimit } = await deps.settings()
      const forgotten = await forgetExpired(context, queries.trashItems, trashLimit)
      const pruned = await deps.store.prune(deps.clock.now())
      const blobs = await deps.store.blobs.collect()
      return { ...pruned, effects: forgotten.effects, blobs: blobs.removed, bytes: forgotten.bytes + blobs.bytes }
    },
    async recover() {
      const rows = await deps.store.db.selectFrom('runs').select(['id', 'state']).where('state', 'in', ['running', 'queued', 'previewing']).execute()
      const going = deps.gate.emergencyStop() ? [] : rows
      for (const row of going) background(row.state === 'previewing' ? engine.preview(row.id, false) : engine.execute(row.id), 'an interrupted run could not go on')
      await wakes.arm()
      return going.length
    },
    onProgress(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    async [Symbol.asyncDispose]() {
      await wakes[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    },
  }
}
