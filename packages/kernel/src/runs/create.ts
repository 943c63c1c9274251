import { LifeOsError, type ProgressNote, type Run } from '@life-os/contract'
import { answerApproval, editApproval, expireApproval, untickApproval } from './doors/answers.ts'
import type { RunsContext } from './context.ts'
import { createControls } from './doors/controls.ts'
import { createEngine, type Engine, type Prelude } from './drive/engine.ts'
import { createInnerTools } from './calls/inner-tools.ts'
import type { RunRow } from '../store/index.ts'
import type { RunOptions } from './live.ts'
import { createLabelFlow } from './calls/label-flow.ts'
import { createLanes } from './calls/lanes.ts'
import { LOCAL } from './record/lease.ts'
import { nothingKnown } from '../secrets/index.ts'
import type { Parts } from './parts.ts'
import { createQueries } from './doors/queries.ts'
import { createStarts } from './doors/starts.ts'
import { createToolbox } from './calls/toolbox.ts'
import { emptyTrash, forgetExpired } from './undo/trash.ts'
import type { Runs, RunsDeps } from './types.ts'
import { createWakes, type WakeTo, type Wakes } from './doors/wakes.ts'

/** Builds the runs of one store. Disposing ends nothing on disk: what was going goes on at the next start. */
export function createRuns(deps: RunsDeps): Runs {
  const redactor = deps.redactor ?? nothingKnown
  const listeners = new Set<(note: ProgressNote) => void>()
  const context: RunsContext = {
    deps,
    toolbox: createToolbox(deps.plugins, [...createInnerTools(deps), ...(deps.tools ?? [])], redactor),
    lanes: createLanes(),
    labels: createLabelFlow(deps.plugins),
    progress: (note) => {
      const clean = redactor.value(note)
      for (const listener of listeners) listener(clean)
    },
    begin(row) {
      if (engine.busy(row.id) || (row.state !== 'previewing' && row.state !== 'queued')) return
      background(row.state === 'previewing' ? engine.preview(row.id, true) : engine.execute(row.id), 'a plan of an agent could not begin')
    },
  }
  const background: Parts['background'] = (work, what) => {
    work.catch((error: unknown) => deps.logger.error({ error: String(error) }, what))
  }
  const engine = createEngine(context, () => background(wakes.arm(), 'waits could not be armed'))
  const queries = createQueries(context, engine)
  const settled = async (id: string): Promise<Run> => {
    await engine.settled(id)
    return queries.get(id)
  }
  const parts: Parts = { context, engine, queries, settled, background }
  const wakes = createWakes(deps, wakeTo(parts))
  const controls = createControls(parts)
  return {
    ...queries,
    ...createStarts(parts),
    ...controls,
    async liftStop(actor) {
      await controls.liftStop(actor)
      await wakes.arm()
    },
    ...createAnswers(parts),
    settled,
    emptyTrash: (actor) => emptyTrash(context, queries.trashItems, actor),
    prune: () => prune(parts),
    async recover() {
      const going = await recover(parts)
      await wakes.arm()
      return going
    },
    onProgress(listener) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
    [Symbol.asyncDispose]: () => close(wakes, engine),
  }
}

function createAnswers({ context, engine, queries }: Parts): Pick<Runs, 'answer' | 'untick' | 'edit'> {
  return {
    async answer(approval, answer, actor) {
      if (context.deps.gate.emergencyStop() && answer.answer !== 'refuse')
        throw new LifeOsError('emergency-stop', 'The emergency stop is on. Lift it before you approve anything.')
      return queries.get(await answerApproval(context, engine, approval, answer, actor))
    },
    untick: (approval, except, globs) => untickApproval(context, engine, approval, except, globs),
    edit: (approval, inputs, allow, actor) => editApproval(context, engine, approval, inputs, allow, actor),
  }
}

function wakeTo({ context, engine, background }: Parts): WakeTo {
  /** Whoever ended, paused or took it meanwhile has decided: it is left alone. */
  const goOn = (run: string, prelude?: Prelude): Promise<void> =>
    engine
      .execute(run, async (live) => {
        if (live.row.state !== 'waiting' && live.row.state !== 'running') throw new LifeOsError('run-over', 'This run waits no longer.')
        await prelude?.(live)
      })
      .catch((error: unknown) => {
        if (!(error instanceof LifeOsError) || error.code !== 'run-over') throw error
      })
  return {
    resume: (run) => background(goOn(run), 'a waiting run could not go on'),
    eventCame: (run, path, event) =>
      goOn(run, async (live) => {
        if (live.fold.steps.get(path)?.state !== 'waiting') return
        const output = { value: { at: event.at, event: event.data }, labels: [...event.labels] }
        await live.commit({ type: 'wait-finished', path, output }, { kind: 'wait-delete', path })
      }),
    expire: (approval) => expireApproval(context, engine, approval),
  }
}

async function recover({ context, engine, background }: Parts): Promise<number> {
  const { store, gate, clock, instance } = context.deps
  if (gate.emergencyStop()) return 0
  const free = await store.db
    .selectFrom('runs')
    .select(['id', 'state', 'options_json'])
    .where('state', 'in', ['running', 'queued', 'previewing'])
    .where((e) => e.or([e('owner', 'is', null), e('owner', '=', instance ?? LOCAL), e('lease_until', '<', clock.now())]))
    .execute()
  const rows = free.filter((row) => !engine.busy(row.id))
  for (const row of rows)
    background(
      row.state === 'previewing' ? engine.preview(row.id, isAuto(row)) : engine.execute(row.id),
      'an interrupted run could not go on',
    )
  return rows.length
}

const isAuto = (row: Pick<RunRow, 'options_json'>): boolean => (JSON.parse(row.options_json) as RunOptions).auto ?? false // written by this module

async function prune({ context, queries }: Parts): Promise<Record<string, number>> {
  const { settings, store, clock } = context.deps
  const { trashLimit } = await settings()
  const forgotten = await forgetExpired(context, queries.trashItems, trashLimit)
  const pruned = await store.prune(clock.now())
  const blobs = await store.blobs.collect()
  return { ...pruned, effects: forgotten.effects, blobs: blobs.removed, bytes: forgotten.bytes + blobs.bytes }
}

async function close(wakes: Wakes, engine: Engine): Promise<void> {
  await wakes[Symbol.asyncDispose]()
  await engine[Symbol.asyncDispose]()
}
