import { useQuery, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Button, IconButton } from '../../components/button.tsx'
import { Meter } from '../../components/meter.tsx'
import { Card, Section } from '../../components/page.tsx'
import { api, client } from '../../lib/api.ts'
import { bytes } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'

/** What is being fetched; it goes on when the page is left. */
export function PullList() {
  const queries = useQueryClient()
  const pulls = useQuery({
    ...api.models.pulls.queryOptions(),
    refetchInterval: (query) => (query.state.data?.some((pull) => pull.state === 'pulling') ? 700 : 15_000),
  })
  const shown = (pulls.data ?? []).filter((pull) => pull.state !== 'done')
  if (shown.length === 0) return null
  const going = shown.some((pull) => pull.state === 'pulling')
  const after = (done: Promise<unknown>): void =>
    void done.then(() => queries.invalidateQueries({ queryKey: api.models.key() })).catch(reportFailure)
  return (
    <Section title={going ? 'Being fetched' : 'Not fetched'} {...(going && { hint: 'It goes on when you leave this page.' })}>
      <Card>
        {shown.map((pull) => (
          <div key={pull.ref} className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3">
            <div className="min-w-0 flex-1">
              <p className="flex gap-3">
                <span className="truncate font-medium">{pull.ref}</span>
                <span className="figures ml-auto shrink-0 text-12 text-ink-faint">
                  {pull.of === null ? '' : `${bytes(pull.done)} of ${bytes(pull.of)}`}
                </span>
              </p>
              <Meter
                className="my-1.5"
                tone={pull.state === 'failed' ? 'remove' : 'accent'}
                value={pull.of ? pull.done / pull.of : pull.state === 'pulling' ? null : 0}
                label={`Fetching ${pull.ref}`}
              />
              <p className={pull.state === 'failed' ? 'break-words text-remove' : 'text-12 text-ink-faint'}>{pull.message}</p>
            </div>
            {pull.state === 'pulling' ? (
              <IconButton icon={X} label={`Stop fetching ${pull.ref}`} onClick={() => after(client.models.cancelPull({ ref: pull.ref }))} />
            ) : (
              <Button aria-label={`Fetch again ${pull.ref}`} onClick={() => after(client.models.pull({ ref: pull.ref }))}>
                Fetch again
              </Button>
            )}
          </div>
        ))}
      </Card>
    </Section>
  )
}
