import type { Run } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { ArtifactCard } from '../../components/blobs/artifact-card.tsx'
import { artifactsIn } from '../../components/blobs/artifacts.ts'
import { ValueView } from '../../components/value-view.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { isOver } from '../../lib/queries.ts'

const MOST_SHOWN = 24

/** What the plan gave back, and what it was given. */
export function OutputsTab({ run }: { run: Run }) {
  const outputs = useQuery({ ...api.runs.outputs.queryOptions({ input: { id: run.id } }), enabled: isOver(run.state) })
  const entries = Object.entries(outputs.data?.outputs ?? {})
  const artifacts = artifactsIn(outputs.data?.outputs)
  return (
    <div className="h-full overflow-auto p-4 phone:p-3" tabIndex={0}>
      <div className="mx-auto flex max-w-[860px] flex-col gap-5">
        <Section title="Outputs">
          {!isOver(run.state) ? (
            <Empty icon={GLYPH.run} title="Not finished yet" quiet>
              Outputs appear when the run is done.
            </Empty>
          ) : outputs.isPending ? (
            <SkeletonRows rows={3} label="Loading the outputs" />
          ) : outputs.error ? (
            <Failure error={requestError(outputs.error)} onRetry={() => void outputs.refetch()} quiet />
          ) : entries.length === 0 ? (
            <p className="text-ink-faint">This plan has no outputs.</p>
          ) : (
            <>
              {artifacts.slice(0, MOST_SHOWN).map((artifact) => (
                <ArtifactCard key={artifact.path} artifact={artifact} />
              ))}
              {artifacts.length > MOST_SHOWN ? (
                <p className="text-ink-faint">{artifacts.length - MOST_SHOWN} more stand in the values below.</p>
              ) : null}
              <Card>
                {entries.map(([name, value]) => (
                  <ValueView key={name} name={name} value={value} />
                ))}
              </Card>
            </>
          )}
        </Section>
        <Section title="Inputs">
          <Card>
            {Object.entries(run.inputs).map(([name, value]) => (
              <ValueView key={name} name={name} value={value} />
            ))}
          </Card>
        </Section>
      </div>
    </div>
  )
}
