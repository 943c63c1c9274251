import type { Run } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { outcomeOf } from '../../components/runs/outcome.ts'
import { client } from '../../lib/api.ts'
import { date } from '../../lib/format.ts'
import { useRefreshRuns } from '../../lib/queries.ts'

/** What came of a plan, and the way back. */
export function PlanOutcome({ run }: { run: Run }) {
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const undo = useMutation({
    mutationFn: () => client.runs.undoPreview({ id: run.id }),
    onSuccess: ({ run: undoing }) => void navigate({ to: '/runs/$run', params: { run: undoing.id } }),
    onSettled: refresh,
  })
  const { possible, until, undoneBy } = run.undo
  const words = outcomeOf(run)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-line px-3 py-2">
      <p className={run.error ? 'min-w-0 flex-1 text-remove' : 'min-w-0 flex-1 text-ink-soft'}>
        {words === '' ? null : <span className="inline-block font-medium first-letter:uppercase">{words}</span>}
        {possible && undoneBy === null && until !== null ? (
          <span className="text-ink-faint"> · can be undone until {date(until)}</span>
        ) : null}
      </p>
      {undoneBy === null && possible ? (
        <Button icon={GLYPH.undo} busy={undo.isPending} onClick={() => undo.mutate()}>
          Undo
        </Button>
      ) : undoneBy === null ? null : (
        <Button asChild tone="quiet">
          <Link to="/runs/$run" params={{ run: undoneBy }}>
            Open what undid it
          </Link>
        </Button>
      )}
    </div>
  )
}
