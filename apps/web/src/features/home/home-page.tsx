import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { CopyCheck, FlaskConical, FolderTree } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Card, Page, Section } from '../../components/page.tsx'
import { ApprovalCard } from '../../components/approval/approval-card.tsx'
import { RunCard, RunLine } from '../../components/runs/run-line.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Failure, SkeletonBlock } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { count, midnight, money } from '../../lib/format.ts'
import { activeRuns, recentRuns, waitingApprovals } from '../../lib/queries.ts'
import { costByHour } from './cost-by-hour.ts'
import { TryCard } from './try-card.tsx'

/** What needs you, what is running, what ran today; on day one three things to try. */
export function HomePage() {
  useCrumbs({ label: 'Home' })
  const me = useQuery(api.people.me.queryOptions())
  const approvals = useQuery(waitingApprovals())
  const active = useQuery(activeRuns())
  const recent = useQuery(recentRuns())
  const failed = recent.error ?? approvals.error ?? active.error
  if (!recent.data || !approvals.data || !active.data) {
    return failed ? (
      <Failure error={requestError(failed)} onRetry={() => void Promise.all([recent.refetch(), approvals.refetch(), active.refetch()])} />
    ) : (
      <HomeSkeleton />
    )
  }
  if (recent.data.total === 0) return <FirstDay name={me.data?.person.name ?? ''} />

  const running = active.data.items.filter((run) => run.state !== 'waiting')
  const since = midnight()
  const finished = recent.data.items.filter((run) => run.finishedAt !== null)
  const today = recent.data.items.filter((run) => run.createdAt >= since)
  const spent = today.reduce((sum, run) => sum + run.cost.micros, 0)
  return (
    <Page title={greeting(me.data?.person.name)} description={approvals.data.total > 0 ? undefined : 'Nothing waits for you.'}>
      {approvals.data.items.length > 0 ? (
        <Section
          title="Needs you"
          hint={approvals.data.total > 4 ? `${approvals.data.total} in all` : undefined}
          actions={
            <Button asChild tone="quiet" className="-mr-2.5">
              <Link to="/inbox">Open the inbox</Link>
            </Button>
          }
        >
          <div className="grid grid-cols-2 gap-3 narrow:grid-cols-1">
            {approvals.data.items.slice(0, 4).map((approval) => (
              <ApprovalCard key={approval.id} approval={approval} />
            ))}
          </div>
        </Section>
      ) : null}
      {running.length > 0 ? (
        <Section title="Running">
          <div className="flex flex-col gap-2">
            {running.map((run) => (
              <RunCard key={run.id} run={run} />
            ))}
          </div>
        </Section>
      ) : null}
      <Section
        title={today.length > 0 ? 'Today' : 'Lately'}
        hint={today.length > 0 ? `${count(today.length, 'run')} · ${money(spent)}` : undefined}
        actions={
          <>
            <Sparkline values={costByHour(today)} label={`Cost by hour today, ${money(spent)} in all`} />
            <Button asChild tone="quiet" className="-mr-2.5">
              <Link to="/runs">All runs</Link>
            </Button>
          </>
        }
      >
        <Card>
          {finished.length === 0 ? (
            <p className="px-4 py-6 text-center text-ink-faint">Nothing has finished yet.</p>
          ) : (
            finished.slice(0, 8).map((run) => <RunLine key={run.id} run={run} />)
          )}
        </Card>
      </Section>
      <Section title="Things to try">
        <Tries small />
      </Section>
    </Page>
  )
}

const greeting = (name: string | undefined): string => {
  const hour = new Date().getHours()
  const time = hour < 5 ? 'Good evening' : hour < 12 ? 'Good morning' : hour < 18 ? 'Good afternoon' : 'Good evening'
  return name ? `${time}, ${name}` : time
}

function FirstDay({ name }: { name: string }) {
  return (
    <div className="flex h-full items-center justify-center overflow-auto px-8 py-10 phone:items-start phone:px-4">
      <div className="flex w-full max-w-[860px] flex-col gap-8">
        <header className="max-w-[560px]">
          <h1 className="text-28 font-semibold leading-tight tracking-tight phone:text-20">
            You see it before it happens{name ? `, ${name}` : ''}.
          </h1>
          <p className="mt-2 text-16 text-ink-soft phone:text-14">
            Pick something. Life-OS shows every change first, makes only what you approve, and can take it all back.
          </p>
        </header>
        <Tries />
      </div>
    </div>
  )
}

function Tries({ small = false }: { small?: boolean }) {
  const navigate = useNavigate()
  const plans = useQuery(api.plans.list.queryOptions({ input: { limit: 200 } }))
  const sample = useMutation({
    mutationFn: () => client.system.sample(),
    onSuccess: ({ path }) =>
      navigate({ to: '/workflows/$plan', params: { plan: planId('tidy') ?? 'tidy-folder' }, search: { inputs: { folder: path } } }),
  })
  const planId = (word: string): string | undefined => plans.data?.items.find(({ plan }) => plan.id.includes(word))?.plan.id
  const open = (word: string, otherwise: string): void =>
    void navigate({ to: '/workflows/$plan', params: { plan: planId(word) ?? otherwise } })
  return (
    <div className="grid grid-cols-3 gap-3 narrow:grid-cols-1">
      <TryCard
        icon={FolderTree}
        title="Tidy a folder"
        text="Sort a messy folder into documents, pictures, archives and more, by what is in the files."
        onOpen={() => open('tidy', 'tidy-folder')}
        small={small}
      />
      <TryCard
        icon={CopyCheck}
        title="Find duplicates"
        text="Find files with the same content and move the extra ones to the trash, where they can come back from."
        onOpen={() => open('duplicate', 'remove-duplicates')}
        small={small}
      />
      <TryCard
        icon={FlaskConical}
        title="Make a sample messy folder"
        text="A folder full of made-up files to try everything on, safely away from your own."
        onOpen={() => sample.mutate()}
        busy={sample.isPending}
        first={!small}
        small={small}
      />
    </div>
  )
}

function HomeSkeleton() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto flex max-w-[1120px] flex-col gap-5 px-8 pt-7 phone:px-4">
      <SkeletonBlock className="h-6 w-56" />
      <div className="grid grid-cols-2 gap-3 narrow:grid-cols-1">
        <SkeletonBlock className="h-24" />
        <SkeletonBlock className="h-24" />
      </div>
      <SkeletonBlock className="h-64" />
    </div>
  )
}
