import type { ApprovalDetail } from '@life-os/contract'
import { useState } from 'react'
import { homeText } from '../../lib/format.ts'
import type { Answer } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Card } from '../page.tsx'
import { SecretForm } from '../secrets/secret-form.tsx'
import { RefuseDialog } from './refuse-dialog.tsx'

/** Which secret is missing, with a form to set it in place. Its value goes to the server and is never shown again. */
export function SecretQuestion({ detail, busy, onAnswer }: { detail: ApprovalDetail; busy: boolean; onAnswer: (answer: Answer) => void }) {
  const [refusing, setRefusing] = useState(false)
  const name = detail.needs.find((need) => need.kind.startsWith('secret'))?.resource ?? ''
  const hosts = detail.needs.filter((need) => need.kind === 'net').map((need) => need.resource)
  return (
    <div className="h-full overflow-auto p-4 phone:p-3" tabIndex={0} role="group" aria-label="Question">
      <div className="mx-auto flex max-w-[640px] flex-col gap-4 pt-6 phone:pt-2">
        <div className="flex gap-3">
          <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-private-soft text-private">
            <Icon of={GLYPH.secret} size={20} />
          </span>
          <div className="min-w-0">
            <h2 className="text-16 font-semibold tracking-tight">{detail.title}</h2>
            <p className="mt-1 whitespace-pre-line break-words text-14 text-ink-soft">{homeText(detail.message)}</p>
            {name ? (
              <p className="mt-2 text-12 text-ink-faint">
                The secret <span className="mono font-medium text-ink">{name}</span> is missing. Whoever asked for it never sees what it is.
              </p>
            ) : null}
          </div>
        </div>
        <Card className="p-4 phone:p-3">
          <SecretForm
            name={name}
            hosts={hosts.join('\n')}
            action="Keep it and go on"
            onDone={() => onAnswer({ answer: 'approve', hash: detail.hash })}
          />
        </Card>
        <div className="flex items-center gap-3">
          <Button large disabled={busy} onClick={() => onAnswer({ answer: 'approve', hash: detail.hash })}>
            It is set now, go on
          </Button>
          <Button large tone="grave" disabled={busy} onClick={() => setRefusing(true)}>
            Refuse
          </Button>
        </div>
      </div>
      <RefuseDialog
        open={refusing}
        onOpenChange={setRefusing}
        busy={busy}
        onRefuse={(reason) => onAnswer({ answer: 'refuse', hash: detail.hash, ...(reason && { reason }) })}
      />
    </div>
  )
}
