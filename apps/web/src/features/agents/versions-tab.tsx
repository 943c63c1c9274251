import type { Agent } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createTwoFilesPatch } from 'diff'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { DiffView } from '../../components/diff/diff-view.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { moment } from '../../lib/format.ts'
import { reportDone, reportFailure } from '../../lib/report.ts'

/** Each version with what it changed, and the way back to it. */
export default function VersionsTab({ id, current }: { id: string; current: string }) {
  const queries = useQueryClient()
  const versions = useQuery(api.agents.versions.queryOptions({ input: { id } }))
  const me = useQuery(api.people.me.queryOptions())
  const [shown, setShown] = useState(current)
  const back = useMutation({
    mutationFn: (version: string) => client.agents.rollback({ id, version }),
    onSuccess: (stored) => reportDone(`${stored.agent.name} is as it was, as version ${stored.agent.version}.`),
    onError: reportFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: api.agents.key() }),
  })
  if (versions.isPending) return <SkeletonRows rows={4} label="Loading versions" />
  if (versions.error) return <Failure error={requestError(versions.error)} onRetry={() => void versions.refetch()} quiet />
  const at = Math.max(
    0,
    versions.data.findIndex((version) => version.version === shown),
  )
  const chosen = versions.data[at]
  const before = versions.data[at + 1]
  return (
    <div className="flex gap-4 phone:flex-col">
      <ol className="flex w-56 shrink-0 flex-col gap-px phone:w-full">
        {versions.data.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              aria-current={version.version === chosen?.version ? 'true' : undefined}
              onClick={() => setShown(version.version)}
              className="flex w-full flex-col rounded-control px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 aria-[current=true]:bg-pressed"
            >
              <span className="flex items-center gap-2">
                <span className="mono font-medium">{version.version}</span>
                {version.version === current ? <Badge tone="accent">now</Badge> : null}
              </span>
              <span className="text-12 text-ink-faint">
                {authorWords(version.by, me.data?.person.id)} · {moment(version.at)}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        {chosen && chosen.version !== current ? (
          <Button icon={GLYPH.undo} busy={back.isPending} onClick={() => back.mutate(chosen.version)} className="self-start">
            Make {chosen.version} the newest again
          </Button>
        ) : null}
        {chosen && before ? (
          <DiffView prose diff={compared(before.agent, chosen.agent)} label={`What ${chosen.version} changed`} />
        ) : chosen ? (
          <pre
            tabIndex={0}
            aria-label={`Version ${chosen.version}`}
            className="mono overflow-auto whitespace-pre-wrap rounded-card border border-line bg-surface p-3 text-12"
          >
            {textOf(chosen.agent)}
          </pre>
        ) : (
          <p className="text-ink-faint">It is as it was shipped.</p>
        )}
      </div>
    </div>
  )
}

function authorWords(by: string, me: string | undefined): string {
  if (by.startsWith('plugin:')) return 'shipped'
  return by === me ? 'by you' : 'by another person'
}

/** An agent as lines that can be compared: its instructions as they are written, everything else as JSON. */
function textOf({ instructions, ...rest }: Agent): string {
  return `${JSON.stringify(rest, null, 2)}\n\n${instructions.trimEnd()}\n`
}

const compared = (before: Agent, after: Agent): string =>
  createTwoFilesPatch(before.version, after.version, textOf(before), textOf(after), undefined, undefined, { context: 20 })
