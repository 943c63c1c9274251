import { useMutation, useQuery } from '@tanstack/react-query'
import { Check, TriangleAlert } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { duration, number } from '../../lib/format.ts'
import { SettingRow } from './row.tsx'

export function DataSection() {
  const health = useQuery(api.system.health.queryOptions())
  const verify = useMutation({ mutationFn: () => client.audit.verify() })
  if (health.isPending) return <SkeletonRows rows={4} label="Looking" />
  if (health.error) return <Failure error={requestError(health.error)} onRetry={() => void health.refetch()} quiet />
  const state = health.data
  return (
    <>
      <Section title="Where is my data">
        <Card>
          <SettingRow
            name="Folder"
            help="Runs, plans, settings, kept content and the audit record. Copy it while Life-OS is stopped, and you have everything."
          >
            <span className="mono break-all text-12">{state.home}</span>
          </SettingRow>
          <SettingRow name="Database" help={state.store === 'sqlite' ? 'One file in that folder.' : 'A PostgreSQL server that you named.'}>
            <span className="font-medium">{state.store === 'sqlite' ? 'SQLite' : 'PostgreSQL'}</span>
          </SettingRow>
          <SettingRow name="What leaves this machine" help="Only what a plan that you approved sends. No usage data, ever.">
            <span className="font-medium">Nothing by itself</span>
          </SettingRow>
          <SettingRow
            name="Audit record"
            help={verify.data ? verify.data.message : 'Every decision and effect, linked so that a gap or a change shows.'}
          >
            <span className="flex items-center gap-3">
              {verify.data ? (
                <span className={cn('flex items-center gap-1 font-medium', verify.data.ok ? 'text-add' : 'text-remove')}>
                  <Icon of={verify.data.ok ? Check : TriangleAlert} size={14} />
                  {verify.data.ok ? `${number(verify.data.records)} records, whole` : `broken at ${verify.data.brokenAt}`}
                </span>
              ) : null}
              <Button busy={verify.isPending} onClick={() => verify.mutate()}>
                Verify
              </Button>
            </span>
          </SettingRow>
        </Card>
      </Section>
      <Section title="How it is" hint={`${state.version} · up for ${duration(state.uptime)}`}>
        <Card>
          {state.checks.map((check) => (
            <div key={check.name} className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0">
              <Icon of={check.ok ? Check : TriangleAlert} className={cn('mt-0.5', check.ok ? 'text-add' : 'text-change')} />
              <div>
                <p className="font-medium">{check.name}</p>
                <p className="text-ink-soft">{check.message}</p>
                {check.mend ? <p className="mono mt-1 w-fit rounded-control bg-sunken px-2 py-0.5 text-12">{check.mend}</p> : null}
              </div>
            </div>
          ))}
        </Card>
      </Section>
    </>
  )
}
