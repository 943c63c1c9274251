import type { PendingPlugin, Plugin } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Check as Tick } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '../../components/badge.tsx'
import { ActionButton } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { PermissionList } from '../../components/permissions/permission-list.tsx'
import { useActions } from '../../lib/actions.tsx'
import type { Action } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'
import { IsolationLine } from './isolation-line.tsx'
import { Fact, Facts } from './overview-tab.tsx'
import { sourceWords } from './plugin-words.ts'

function useAcceptance(plugin: Plugin, pending: PendingPlugin) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { id, name } = pending.manifest
  const settled = {
    onSettled: () => Promise.all([api.plugins.key(), api.tools.key()].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  }
  const accept = useMutation({
    mutationFn: () => client.plugins.accept({ id, digest: pending.digest }),
    onSuccess: () => {
      reportDone(`${name} ${pending.manifest.version} is enabled.`)
      return navigate({ to: '/plugins', search: { plugin: id }, replace: true })
    },
    meta: { quiet: true },
    ...settled,
  })
  const reject = useMutation({
    mutationFn: () => client.plugins.reject({ id }),
    onSuccess: () => {
      reportDone(
        plugin.state === 'waiting'
          ? `${name} is gone; nothing of it ran.`
          : `Version ${pending.manifest.version} is gone; the one before goes on.`,
      )
      return navigate({ to: '/plugins', search: plugin.state === 'waiting' ? {} : { plugin: id }, replace: true })
    },
    ...settled,
  })
  return {
    accept,
    reject,
    leave: () => void navigate({ to: '/plugins', search: plugin.state === 'waiting' ? {} : { plugin: id }, replace: true }),
  }
}

/** A version that waits: what it is, whose, from where, and everything it could ever ask for. Nothing of it has run. */
export function Acceptance({ plugin, alone }: { plugin: Plugin; alone: boolean }) {
  const pending = plugin.pending
  if (!pending) return null
  return <Waiting plugin={plugin} pending={pending} alone={alone} />
}

function Waiting({ plugin, pending, alone }: { plugin: Plugin; pending: PendingPlugin; alone: boolean }) {
  const { accept, reject, leave } = useAcceptance(plugin, pending)
  const first = plugin.state === 'waiting'
  const { manifest } = pending
  const busy = accept.isPending || reject.isPending
  const group = 'This page'
  const actions = {
    accept: {
      id: 'plugin.accept',
      name: first ? 'Accept and enable' : `Accept version ${manifest.version}`,
      group,
      icon: Tick,
      shortcut: 'mod+enter',
      when: !busy && pending.faults.length === 0,
      perform: () => accept.mutate(),
    },
    later: { id: 'plugin.later', name: 'Not now', group, when: !busy, perform: leave },
    reject: {
      id: 'plugin.reject',
      name: first ? 'Remove' : 'Drop this version',
      group,
      grave: true,
      when: !busy,
      perform: () => reject.mutate(),
    },
  } satisfies Record<string, Action>
  useActions(Object.values(actions))
  const Heading = alone ? 'h1' : 'h2'
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="group" aria-label={`${manifest.name} waits for you`}>
        <div className="mx-auto flex max-w-[760px] flex-col gap-6 px-6 pb-10 pt-6 phone:px-3 phone:pt-4">
          <header>
            <Heading className="flex flex-wrap items-center gap-x-2 gap-y-1 text-20 font-semibold tracking-tight">
              <span className="min-w-0 break-words">{first ? `Let ${manifest.name} in?` : `Update ${manifest.name}?`}</span>
              <span className="mono text-12 font-normal text-ink-faint">
                {first ? manifest.version : `${plugin.manifest.version} → ${manifest.version}`}
              </span>
              <Badge tone="change">nothing of it has run</Badge>
            </Heading>
            <p className="mt-1 text-14 text-ink-soft">{manifest.description}</p>
          </header>
          {accept.error ? (
            <p role="alert" className="flex items-start gap-2 rounded-control bg-remove-soft p-3 text-remove">
              <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
              {requestError(accept.error).message}
            </p>
          ) : null}
          <Remarks pending={pending} />
          <Asks pending={pending} first={first} />
          <Origin pending={pending} />
          <Section title="Isolation">
            <Card className="p-4 phone:p-3">
              <IsolationLine isolation={plugin.isolation} />
            </Card>
          </Section>
        </div>
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line bg-surface px-4 py-2.5 phone:px-3">
        <ActionButton action={actions.reject} large busy={reject.isPending} className="desk:mr-auto phone:flex-1" />
        <ActionButton action={actions.later} large className="phone:flex-1" />
        {pending.faults.length > 0 ? <span className="text-remove">It cannot be accepted as it is.</span> : null}
        <ActionButton action={actions.accept} large tone="accent" busy={accept.isPending} className="phone:w-full" />
      </footer>
    </div>
  )
}

function Asks({ pending, first }: { pending: PendingPlugin; first: boolean }) {
  const { added, removed, kept } = pending.permissions
  if (first)
    return (
      <Section title="It may ask for" hint="most dangerous first; the reasons are its author’s">
        <Card>
          {pending.manifest.permissions.length === 0 ? (
            <p className="px-4 py-3 text-ink-soft">Nothing. It only works on what it is handed.</p>
          ) : (
            <PermissionList permissions={pending.manifest.permissions} />
          )}
        </Card>
        {pending.manifest.permissions.length > 0 ? (
          <p className="text-12 text-ink-faint">
            This is the most it can ever ask for. Each use is still decided by what you allow, or put to you.
          </p>
        ) : null}
      </Section>
    )
  return (
    <>
      {added.length > 0 ? (
        <Section title="New: it asks for more than before">
          <p className="flex items-start gap-2 rounded-control bg-change-soft p-2.5 text-change">
            <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
            An update that asks for more is worth a second look. Accept it only if you know why it needs this.
          </p>
          <Card>
            <PermissionList permissions={added} change="added" />
          </Card>
        </Section>
      ) : null}
      {removed.length > 0 ? (
        <Section title="No longer">
          <Card>
            <PermissionList permissions={removed} change="removed" />
          </Card>
        </Section>
      ) : null}
      {kept.length > 0 ? (
        <details>
          <summary className="cursor-pointer font-semibold">As before: {count(kept.length, 'permission')}</summary>
          <Card className="mt-2">
            <PermissionList permissions={kept} />
          </Card>
        </details>
      ) : null}
      {added.length + removed.length === 0 ? <p className="text-ink-soft">It asks for nothing new.</p> : null}
    </>
  )
}

function Remarks({ pending }: { pending: PendingPlugin }) {
  if (pending.faults.length + pending.remarks.length === 0) return null
  return (
    <ul aria-label="What stands out" className="flex flex-col gap-1.5">
      {pending.faults.map((fault) => (
        <Remark key={fault} tone="bg-remove-soft text-remove">
          {fault}
        </Remark>
      ))}
      {pending.remarks.map((remark) => (
        <Remark key={remark} tone="bg-change-soft text-change">
          {remark}
        </Remark>
      ))}
    </ul>
  )
}
function Remark({ tone, children }: { tone: string; children: ReactNode }) {
  return (
    <li className={`flex items-start gap-2 rounded-control p-2.5 ${tone}`}>
      <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
      <span className="min-w-0 break-words">{children}</span>
    </li>
  )
}

function Origin({ pending }: { pending: PendingPlugin }) {
  const { manifest } = pending
  const source = sourceWords(pending.source)
  const needs = [
    ...(manifest.requires?.plugins ?? []).map((id) => `the plugin ${id}`),
    ...(manifest.requires?.programs ?? []).map((name) => `the program ${name}`),
  ]
  return (
    <Section title="What it is">
      <Card>
        <Facts>
          <Fact name="From">
            <span className="break-all font-medium">{source.from}</span>
            {source.exact ? <span className="mono ml-2 text-12 text-ink-faint">{source.exact}</span> : null}
          </Fact>
          <Fact name="Author">
            {manifest.author} · {manifest.license} <span className="text-ink-faint">as it says itself</span>
          </Fact>
          <Fact name="Fingerprint">
            <span className="mono break-all text-12">{pending.digest}</span>
          </Fact>
          <Fact name="Tools">
            {manifest.tools.length === 0 ? 'none' : <span className="mono break-words text-12">{manifest.tools.join(', ')}</span>}
          </Fact>
          {needs.length > 0 ? <Fact name="Needs">{needs.join(', ')}</Fact> : null}
        </Facts>
      </Card>
    </Section>
  )
}
