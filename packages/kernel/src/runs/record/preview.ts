import type {
  Change,
  ChangeTotals,
  ErrorShape,
  LabelSource,
  NeededPermission,
  Preview,
  PreviewChange,
  PreviewStep,
  PreviewWarning,
} from '@life-os/contract'
import { canonicalHash } from '../hash.ts'
import type { LiveRun } from '../live.ts'

export interface PreviewParts {
  changes: PreviewChange[]
  steps: PreviewStep[]
  warnings: PreviewWarning[]
  needs: NeededPermission[]
  reads: number
  failed: ErrorShape | null
  /** Where labels came from; the first of each source. */
  labels: LabelSource[]
}

export function previewOfChanges(live: LiveRun, changes: PreviewChange[], labels: LabelSource[]): Preview {
  return buildPreview(live, { changes, steps: [], warnings: [], needs: [], reads: 0, failed: null, labels })
}

/** Sums a preview up and binds it: the hash covers plan, sub-plans, plugin digests, inputs and changes in plan order, no ids or times. */
export function buildPreview(live: LiveRun, parts: PreviewParts): Preview {
  const inputs: unknown = JSON.parse(live.row.inputs_json)
  const shown = parts.changes.map((entry) => ({ step: entry.step, change: entry.change }))
  const hash = canonicalHash({ ...live.frozen, inputs, changes: shown, needs: parts.needs })
  const count = (state: PreviewStep['state']) => parts.steps.filter((step) => step.state === state).length
  return {
    run: live.id,
    changes: parts.changes,
    steps: parts.steps,
    summary: {
      totals: totalsOf(parts.changes.map((entry) => entry.change)),
      hash,
      warnings: parts.warnings,
      needs: parts.needs,
      steps: { known: count('known'), unknown: count('unknown') + count('possible'), failed: count('failed'), reads: parts.reads },
      budget: budgetWords(live, parts),
      labels: [...parts.labels],
      ...(parts.failed && { failed: parts.failed }),
    },
  }
}

function budgetWords(live: LiveRun, parts: PreviewParts): { enough: boolean; message?: string } {
  const limit = live.budget.limits.steps
  const known = parts.steps.filter((step) => step.state !== 'skipped').length + parts.reads
  if (limit === undefined || known <= limit) return { enough: true }
  return { enough: false, message: `The plan needs at least ${known} steps and its budget allows ${limit}.` }
}

export function totalsOf(changes: readonly Change[]): ChangeTotals {
  const totals: ChangeTotals = {
    changes: changes.length,
    files: 0,
    folders: 0,
    bytes: 0,
    clashes: 0,
    requests: 0,
    commands: 0,
    final: 0,
    unknown: 0,
    conflicts: 0,
  }
  for (const change of changes) {
    if (change.kind === 'folder-make') totals.folders += 1
    else if (change.kind === 'request-send' || change.kind === 'page-act') totals.requests += 1
    else if (change.kind === 'command-run') totals.commands += 1
    else if (change.kind !== 'effect-restore') totals.files += 1
    if (change.kind === 'effect-restore' && change.conflict) totals.conflicts += 1
    if (change.clash !== undefined) totals.clashes += 1
    if (change.reversal === 'none') totals.final += 1
    if (change.unknown) totals.unknown += 1
    totals.bytes += change.bytes ?? 0
  }
  return totals
}
