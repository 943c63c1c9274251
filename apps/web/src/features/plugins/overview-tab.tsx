import type { Plugin } from '@life-os/contract'
import type { ReactNode } from 'react'
import { Card, Section } from '../../components/page.tsx'
import { PermissionList } from '../../components/permissions/permission-list.tsx'
import { cn } from '../../lib/cn.ts'
import { bytes, count, duration, number } from '../../lib/format.ts'
import { IsolationLine } from './isolation-line.tsx'
import { sourceWords } from './plugin-words.ts'

/** How a plugin is, how far it is shut in, what it may ask for and where it came from. */
export function OverviewTab({ plugin }: { plugin: Plugin }) {
  const { manifest, health } = plugin
  const source = sourceWords(plugin.source)
  return (
    <>
      <Section title="Health">
        <dl className="grid grid-cols-5 overflow-hidden rounded-card border border-line bg-surface phone:grid-cols-2">
          <Figure
            name="Calls"
            value={number(health.calls)}
            note={health.errors > 0 ? `${number(health.errors)} failed` : 'none failed'}
            bad={health.errors > 0}
          />
          <Figure
            name="Half of calls"
            value={health.p50 === null ? '–' : duration(health.p50)}
            note={health.p95 === null ? 'not measured' : `95 % under ${duration(health.p95)}`}
          />
          <Figure
            name="Memory"
            value={health.memory === null ? '–' : bytes(health.memory)}
            note={health.pid === null ? 'no process' : `process ${health.pid}`}
          />
          <Figure name="Starts in" value={health.startTime === null ? '–' : duration(health.startTime)} note="when needed" />
          <Figure
            name="Crashes"
            value={number(health.crashes)}
            note={health.crashes === 0 ? 'none' : 'since start'}
            bad={health.crashes > 0}
          />
        </dl>
      </Section>
      <Section title="Isolation">
        <Card className="p-4 phone:p-3">
          <IsolationLine isolation={plugin.isolation} />
          {plugin.labels.length > 0 ? (
            <p className="mt-2 text-ink-soft">
              Its process has served {plugin.labels.join(' and ')} data. What it says carries the same mark until it is restarted clean.
            </p>
          ) : null}
        </Card>
      </Section>
      <Section title="May ask for" hint="most dangerous first">
        <Card>
          {manifest.permissions.length === 0 ? (
            <p className="px-4 py-3 text-ink-faint">Nothing: it only works on what it is handed.</p>
          ) : (
            <PermissionList permissions={manifest.permissions} />
          )}
        </Card>
      </Section>
      <Section title="Where it comes from">
        <Card>
          <Facts>
            <Fact name="From">
              <span className="break-all">{source.from}</span>
              {source.exact ? <span className="mono ml-2 text-12 text-ink-faint">{source.exact}</span> : null}
            </Fact>
            <Fact name="Author">
              {manifest.author} · {manifest.license}
            </Fact>
            <Fact name="Fingerprint">
              <span className="mono break-all text-12">{plugin.digest}</span>
            </Fact>
            {manifest.requires ? (
              <Fact name="Needs">
                {[
                  ...(manifest.requires.plugins ?? []).map((id) => `the plugin ${id}`),
                  ...(manifest.requires.programs ?? []).map((program) => `the program ${program}`),
                  ...(manifest.requires.platforms ?? []),
                ].join(', ') || 'nothing'}
              </Fact>
            ) : null}
            {manifest.plans.length > 0 ? <Fact name="Brings">{count(manifest.plans.length, 'workflow')}</Fact> : null}
          </Facts>
        </Card>
      </Section>
    </>
  )
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[112px_1fr] gap-x-4 gap-y-2 p-4 phone:grid-cols-[88px_1fr] phone:p-3">{children}</dl>
}
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Figure({ name, value, note, bad = false }: { name: string; value: string; note: string; bad?: boolean }) {
  return (
    <div className="border-r border-line p-3 last:border-r-0 phone:border-b phone:last:col-span-2 phone:last:border-b-0 phone:even:border-r-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="figures text-16 font-semibold tracking-tight">{value}</dd>
      <dd className={cn('text-12', bad ? 'text-remove' : 'text-ink-faint')}>{note}</dd>
    </div>
  )
}
