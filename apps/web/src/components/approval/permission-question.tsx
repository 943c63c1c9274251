import type { ApprovalDetail, Need, NeededPermission } from '@life-os/contract'
import { Check as Tick, X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useActions } from '../../lib/actions.tsx'
import type { Action } from '../../lib/actions.tsx'
import { homeText } from '../../lib/format.ts'
import type { Answer } from '../../lib/queries.ts'
import { Badge, LabelBadges } from '../badge.tsx'
import { ActionButton } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Card } from '../page.tsx'
import { DANGER_INK } from '../permissions/permission-list.tsx'
import { permissionWords } from '../permissions/words.ts'
import { askedFor } from './needs-list.tsx'
import { OfferMenu } from './offer-menu.tsx'

const YES_KEYS = { shortcut: 'mod+enter', aliases: ['a'] } as const

interface PermissionQuestionProps {
  detail: ApprovalDetail
  /** Of the question itself, or of the preview it stands for. */
  needs: readonly (Need | NeededPermission)[]
  busy: boolean
  onAnswer: (answer: Answer) => void
  onAllow: (permissions: string[]) => void
}

/** May it? In plain words, with the five answers there are. */
export function PermissionQuestion({ detail, needs, busy, onAnswer, onAllow }: PermissionQuestionProps) {
  const [allowed, setAllowed] = useState(detail.offers[0]?.permission)
  const [denied, setDenied] = useState(detail.offers[0]?.permission)
  const say = (answer: 'approve' | 'refuse', remember: 'no' | 'run' | 'always', permission?: string) => (): void =>
    onAnswer({ answer, hash: detail.hash, remember, ...(permission !== undefined && { permissions: [permission] }) })
  const offers = detail.offers.length > 0
  // Before a preview could show anything, a yes for the run lets it look further; what it would do is put to the person then.
  const early = detail.kind === 'preview'
  const group = 'This page'
  const actions = {
    once: {
      id: 'approval.approve',
      name: 'Allow once',
      group,
      icon: Tick,
      ...(!early && YES_KEYS),
      when: !busy && !early,
      perform: say('approve', 'no'),
    },
    run: {
      id: 'approval.run',
      name: 'Allow for this run',
      group,
      ...(early && { icon: Tick, ...YES_KEYS }),
      when: !busy,
      perform: early ? () => onAllow(askedFor(needs).map(({ permission }) => permission)) : say('approve', 'run'),
    },
    always: { id: 'approval.always', name: 'Always here', group, when: !busy && offers, perform: say('approve', 'always', allowed) },
    deny: { id: 'approval.refuse', name: 'Deny', group, icon: X, shortcut: 'r', grave: true, when: !busy, perform: say('refuse', 'no') },
    never: {
      id: 'approval.never',
      name: 'Deny always',
      group,
      grave: true,
      when: !busy && offers,
      perform: say('refuse', 'always', denied),
    },
  } satisfies Record<string, Action>
  useActions(Object.values(actions))
  return (
    <div className="h-full overflow-auto p-4 phone:p-3" tabIndex={0} role="group" aria-label="Question">
      <div className="mx-auto flex max-w-[640px] flex-col gap-4 pt-6 phone:pt-2">
        <Asked detail={detail} needs={needs} />
        <Card>
          {early ? null : (
            <Choice action={actions.once} tone="accent" busy={busy}>
              <span className="phone:hidden">Only this call.</span>
            </Choice>
          )}
          <Choice action={actions.run} {...(early && { tone: 'accent' })} busy={busy}>
            {early ? 'Then it shows what it would do, and asks.' : <span className="phone:hidden">Until this run ends.</span>}
          </Choice>
          {offers ? (
            <Choice action={actions.always} busy={busy}>
              <OfferMenu offers={detail.offers} value={allowed} onChange={setAllowed} label="What is always allowed" />
            </Choice>
          ) : null}
          <Choice action={actions.deny} busy={busy}>
            {early ? 'The run ends here; nothing has happened.' : 'The step fails; what is done stays done.'}
          </Choice>
          {offers ? (
            <Choice action={actions.never} busy={busy}>
              <OfferMenu offers={detail.offers} value={denied} onChange={setDenied} label="What is always denied" />
            </Choice>
          ) : null}
        </Card>
        {offers ? (
          <p className="text-12 text-ink-faint">What is remembered stands under Permissions, and can be taken back there.</p>
        ) : null}
      </div>
    </div>
  )
}

function Asked({ detail, needs }: Pick<PermissionQuestionProps, 'detail' | 'needs'>) {
  const asked = askedFor(needs)
  const plugins = [...new Set(asked.flatMap(({ plugin }) => plugin ?? []))]
  const early = detail.kind === 'preview'
  return (
    <>
      <div className="flex gap-3">
        <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent-text">
          <Icon of={GLYPH.permission} size={20} />
        </span>
        <div className="min-w-0">
          <h2 className="text-16 font-semibold tracking-tight">
            {early
              ? `${plugins.join(' and ') || detail.plan.name} asks for ${asked.length === 1 ? 'a permission' : `${asked.length} permissions`}`
              : detail.title}
          </h2>
          <p className="mt-1 whitespace-pre-line break-words text-14 text-ink-soft">
            {early ? 'What it would do can be shown once you have answered. Nothing has happened yet.' : homeText(detail.message)}
          </p>
          <p className="mt-2 flex flex-wrap items-center gap-2 text-12 text-ink-faint">
            <span>
              {detail.plan.name}
              {detail.step ? <span className="mono"> · {detail.step}</span> : null}
            </span>
            <LabelBadges labels={detail.labels} />
          </p>
        </div>
      </div>
      {needs.length > 0 ? (
        <ul aria-label="What it asks for" className="overflow-hidden rounded-card border border-line bg-surface">
          {asked.map(({ permission, plugin }) => {
            const { title, danger } = permissionWords(permission)
            return (
              <li key={permission} className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3">
                <Icon of={danger === 3 ? GLYPH.final : GLYPH.permission} className={`mt-0.5 ${DANGER_INK[danger]}`} />
                <div className="min-w-0 flex-1">
                  <p className="break-words font-medium">{title}</p>
                  {plugin && plugins.length > 1 ? <p className="text-ink-soft">asked by the plugin {plugin}</p> : null}
                  <p className="mono break-all text-12 text-ink-faint">{permission}</p>
                </div>
                {danger === 3 ? <Badge tone="final">high risk</Badge> : null}
              </li>
            )
          })}
        </ul>
      ) : null}
    </>
  )
}

function Choice({ action, tone, busy, children }: { action: Action; tone?: 'accent'; busy: boolean; children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 border-b border-line px-4 py-3 last:border-b-0 phone:flex-col phone:items-stretch phone:gap-1.5 phone:px-3 phone:py-2">
      <ActionButton action={action} large {...(tone && { tone })} busy={busy} className="w-48 shrink-0 phone:w-full" />
      <div className="min-w-0 flex-1 text-ink-faint phone:text-center">{children}</div>
    </div>
  )
}
