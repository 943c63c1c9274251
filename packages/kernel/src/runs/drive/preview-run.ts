import { joinLabels, type Preview } from '@life-os/contract'
import { labelsOf } from '../../labels/index.ts'
import { undoneWith } from '../undo/family.ts'
import { STOPPING, conclude, finish } from '../record/conclude.ts'
import type { RunsContext } from '../context.ts'
import type { LiveRun } from '../live.ts'
import { buildPreview, type PreviewParts } from '../record/preview.ts'
import { createPreviewWorld } from '../preview/world.ts'
import { ask } from '../questions/questions.ts'
import { walk } from './walk.ts'

/** Previews a run in hand. Answers whether it may simply go on, because there is nothing to approve. */
export async function previewRun(
  context: RunsContext,
  live: LiveRun,
  auto: boolean,
  warnings: PreviewParts['warnings'] = [],
): Promise<boolean> {
  const { deps } = context
  const parts: PreviewParts = {
    changes: [],
    steps: [],
    warnings: [...warnings, ...(await undoneWith(deps.store, live)), ...(await warningsOf(context, live))],
    needs: [],
    reads: 0,
    failed: null,
    labels: [],
  }
  const signal = AbortSignal.any([live.abort.signal, live.leaving.signal]) // a preview changes nothing
  const outcome = await walk(context, live, createPreviewWorld(context, live, parts, signal), signal)
  if (live.halt) {
    await conclude(context, live, outcome)
    return false
  }
  if (outcome.kind === 'failed') parts.failed = outcome.error
  parts.labels.push(...live.sources)
  const preview = buildPreview(live, parts)
  const summary = { kind: 'run-update', patch: { summary_json: JSON.stringify(preview.summary) } } as const
  if (outcome.kind === 'failed') {
    await deps.gate.previews.save(preview, deps.clock.now())
    live.record(summary)
    const state = STOPPING.has(outcome.error.code) ? 'stopped' : 'failed'
    await finish(context, live, { type: 'run-finished', state, error: outcome.error, errorPath: outcome.path })
    return false
  }
  const nothing =
    preview.changes.length === 0 &&
    preview.summary.needs.length === 0 &&
    preview.summary.steps.unknown === 0 &&
    preview.steps.every((step) => step.state !== 'asks')
  live.record(summary)
  if (auto && nothing) {
    const revision = await deps.gate.previews.save(preview, deps.clock.now())
    live.options.approved = { revision, final: false }
    await live.commit(null, { kind: 'run-update', patch: { options_json: JSON.stringify(live.options), owner: null, lease_until: null } })
    return true
  }
  await ask(context, live, {
    step: '',
    kind: 'preview',
    title: titleOf(live),
    message: wordsOf(preview),
    preview,
    labels: joinLabels(labelsOf(live.sources), ...preview.changes.map((entry) => entry.labels)),
  })
  await conclude(context, live, { kind: 'suspended' })
  return false
}

function titleOf(live: LiveRun): string {
  return live.row.plan_name
}

function wordsOf({ changes, summary }: Preview): string {
  const { needs, totals } = summary
  if (changes.length === 0) {
    const asked = needs.length === 1 ? 'one thing' : `${needs.length} things`
    return needs.length > 0
      ? `It asks to be allowed ${asked} first. Until then it changes nothing.`
      : 'What it changes is known only as it goes.'
  }
  const { final } = totals
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`
  return final > 0 ? `${count}, ${final} of them final.` : `${count}. Nothing final.`
}

async function warningsOf(context: RunsContext, live: LiveRun): Promise<PreviewParts['warnings']> {
  const given = JSON.parse(live.row.inputs_json) as Record<string, unknown>
  const places = Object.entries(live.frozen.plan.inputs)
    .filter(([, input]) => input.type === 'path' || input.type === 'file')
    .map(([name]) => given[name])
  const warnings = await Promise.all(
    places.filter((place): place is string => typeof place === 'string').map((place) => context.deps.host.inspect(place).catch(() => [])),
  )
  return warnings.flat()
}
