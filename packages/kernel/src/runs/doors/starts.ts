import { LifeOsError, type Actor, type AnswerApproval, type Preview, type Run, type StartUndo } from '@life-os/contract'
import type { RunRow } from '../../store/index.ts'
import { answerApproval } from './answers.ts'
import { createRun, createUndoRun } from '../creation/creation.ts'
import type { Parts } from '../parts.ts'
import { restoreTrash } from '../undo/trash.ts'
import type { Runs } from '../types.ts'
import { undoPlanFor } from '../undo/undo-plan.ts'
import { undoScope } from '../undo/scope.ts'

type Starts = Pick<Runs, 'preview' | 'start' | 'undoPreview' | 'undo' | 'restoreTrash'>

/** How runs begin: a preview, a start, an undo. */
export function createStarts(parts: Parts): Starts {
  const { context, engine, queries, background } = parts
  return {
    preview: async (request, actor) => previewed(parts, await createRun(context, request, actor, 'previewing')),
    async start(request, actor, { labels, onlyFor } = {}) {
      const state = request.mode === 'draft' ? 'previewing' : 'queued'
      const row = await createRun(context, request, actor, state, { auto: true, labels }, onlyFor)
      if (request.mode === 'draft') background(engine.preview(row.id, true), 'a preview failed')
      else await engine.execute(row.id)
      return queries.get(row.id)
    },
    undoPreview: async (id, options, actor) => previewed(parts, await undoRow(parts, id, options, actor)),
    async undo(id, options, actor) {
      const row = await undoRow(parts, id, options, actor)
      await approveAsAsked(parts, row, actor)
      return queries.get(row.id)
    },
    restoreTrash: (effects, actor) =>
      restoreTrash(context, effects, async (run, chosen) => {
        const row = await undoRow(parts, run, { conflicts: 'keep-both', effects: chosen }, actor)
        await approveAsAsked(parts, row, actor)
        await engine.settled(row.id)
        return row.id
      }),
  }
}

async function previewed({ engine, queries }: Parts, row: RunRow): Promise<{ run: Run; preview: Preview }> {
  const run = await engine.preview(row.id, false)
  const preview = await queries.previewOf(row.id)
  if (!preview)
    throw new LifeOsError('preview-failed', run.error?.message ?? 'The preview did not come to an end. Try again.', {
      class: 'operational',
    })
  return { run, preview }
}

const AS_ASKED: Omit<AnswerApproval, 'hash'> = { answer: 'approve', except: [], exceptGlobs: [], final: true, remember: 'no' }

/** Who asks to undo has approved the undo: what the preview shows is what is done. */
async function approveAsAsked(parts: Parts, row: RunRow, actor: Actor): Promise<void> {
  const { run, preview } = await previewed(parts, row)
  if (run.approval) await answerApproval(parts.context, parts.engine, run.approval, { ...AS_ASKED, hash: preview.summary.hash }, actor)
}

async function undoRow({ context, engine, queries }: Parts, id: string, options: StartUndo, actor: Actor): Promise<RunRow> {
  await engine.settled(id)
  const row = await queries.rowOf(id)
  const { plan, inputs } = undoPlanFor(row.plan_name, await undoScope(context.deps.store, row, options), options)
  return createUndoRun(context, row, plan, inputs, options, actor)
}
