import type { AuditRecord } from '@life-os/contract'
import { Link } from '@tanstack/react-router'
import { Filter } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { permissionWords } from '../../components/permissions/words.ts'
import { VerdictBadge } from '../../components/verdict.tsx'
import { fullTime, homeText, shortId } from '../../lib/format.ts'
import { KINDS, KIND_TONE, auditWords, ruleWords } from './audit-words.ts'
import type { AuditSearch } from './audit-words.ts'

const LINK = 'underline decoration-line-strong underline-offset-2 hover:decoration-current'

/** One record: who, what, by which rule, and the way to the run, the step and the permission it belongs to. */
export function AuditDetail({
  record,
  nameOf,
  onOnly,
}: {
  record: AuditRecord
  nameOf: (actor: string) => string
  onOnly: (change: AuditSearch) => void
}) {
  const permission = typeof record.data['permission'] === 'string' ? record.data['permission'] : null
  const plugin = typeof record.data['plugin'] === 'string' ? record.data['plugin'] : (record.tool?.split('.')[0] ?? null)
  return (
    <div className="flex flex-col gap-4 p-4">
      <header>
        <p className="flex items-center gap-2">
          <Badge tone={KIND_TONE[record.kind]}>{KINDS.find((each) => each.value === record.kind)?.label ?? record.kind}</Badge>
          {record.verdict ? <VerdictBadge verdict={record.verdict} /> : null}
          <span className="mono ml-auto text-12 text-ink-faint">no. {record.seq}</span>
        </p>
        <h2 className="mt-2 break-words text-14 font-semibold">{homeText(auditWords(record))}</h2>
        <p className="text-12 text-ink-faint">{fullTime(record.at)}</p>
      </header>
      <dl className="grid grid-cols-[72px_1fr] items-center gap-x-3 gap-y-1.5 text-12">
        <Fact name="By" only={() => onOnly({ actor: record.actor })}>
          {nameOf(record.actor)}
        </Fact>
        {record.rule ? (
          <Fact name="Rule" only={() => onOnly({ rule: record.rule ?? '' })}>
            <span className="mono break-all" title={ruleWords(record.rule)}>
              {record.rule}
            </span>
          </Fact>
        ) : null}
        {record.tool ? (
          <Fact name="Tool" only={() => onOnly({ tool: record.tool ?? '' })}>
            <Link to="/plugins" search={{ plugin: record.tool.split('.')[0] ?? '', tool: record.tool }} className={`mono ${LINK}`}>
              {record.tool}
            </Link>
          </Fact>
        ) : record.kind === 'plugin' && plugin ? (
          <Fact name="Plugin">
            <Link to="/plugins" search={{ plugin }} className={LINK}>
              {plugin}
            </Link>
          </Fact>
        ) : null}
        {record.run ? (
          <Fact name="Run" only={() => onOnly({ run: record.run ?? '' })}>
            <Link to="/runs/$run" params={{ run: record.run }} className={`mono ${LINK}`}>
              {shortId(record.run)}
            </Link>
          </Fact>
        ) : null}
        {record.run && record.step ? (
          <Fact name="Step">
            <Link to="/runs/$run" params={{ run: record.run }} search={{ tab: 'timeline' }} className={`mono break-all ${LINK}`}>
              {record.step}
            </Link>
          </Fact>
        ) : null}
        {permission ? (
          <Fact name="Permission">
            <Link to="/permissions" search={{ tab: 'grants', q: permission }} className={`break-words ${LINK}`}>
              {permissionWords(permission).title}
            </Link>
          </Fact>
        ) : null}
      </dl>
      {Object.keys(record.data).length > 0 ? (
        <section>
          <h3 className="eyebrow mb-1">As it was written down</h3>
          <pre
            tabIndex={0}
            className="mono max-h-96 overflow-auto whitespace-pre-wrap break-all rounded-card border border-line bg-sunken p-3 text-12"
          >
            {JSON.stringify(record.data, null, 2)}
          </pre>
        </section>
      ) : null}
    </div>
  )
}

function Fact({ name, only, children }: { name: string; only?: () => void; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1">
        <span className="min-w-0 flex-1 break-words">{children}</span>
        {only ? (
          <IconButton
            icon={Filter}
            size={14}
            label={`Only this ${name === 'By' ? 'actor' : name.toLowerCase()}`}
            onClick={only}
            className="size-6 phone:size-9"
          />
        ) : null}
      </dd>
    </>
  )
}
