import type { Model, ThreadMessage } from '@life-os/contract'
import { ChevronLeft, ChevronRight, Ellipsis, Pencil, RotateCw } from 'lucide-react'
import { memo, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { TextArea } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { CopyButton } from '../../components/markdown/code-block.tsx'
import { ActionMenu } from '../../components/menu.tsx'
import { ModelDialogPicker } from '../../components/models/model-picker.tsx'
import type { Action } from '../../lib/actions.tsx'
import { fullTime, moment } from '../../lib/format.ts'
import { Answer, CostLine } from './answer.tsx'
import { AttachmentChip } from './attachments.tsx'
import { isActive } from './place-messages.ts'

export interface MessageDeeds {
  edit: (message: ThreadMessage, text: string) => void
  retry: (message: ThreadMessage, model?: string) => void
  /** Shows another branch: the one that this message is on. */
  show: (message: string) => void
  open: (run: string) => void
}

/** One message with what can be done with it. */
export const Message = memo(function Message({
  message,
  busy,
  deeds,
  models,
}: {
  message: ThreadMessage
  busy: boolean
  deeds: MessageDeeds
  /** Those that could answer again. */
  models: readonly Model[]
}) {
  return message.role === 'person' ? (
    <PersonMessage message={message} busy={busy} deeds={deeds} />
  ) : (
    <article aria-label="Answer" className="group flex flex-col gap-1">
      <Answer message={message} />
      <footer className="flex h-7 items-center gap-1 phone:h-11">
        <Branches message={message} onShow={deeds.show} />
        {isActive(message) ? null : (
          <>
            <CopyButton text={plainText(message)} label="Copy the answer" />
            <IconButton icon={RotateCw} size={14} label="Answer again" disabled={busy} onClick={() => deeds.retry(message)} />
          </>
        )}
        {message.run ? <More message={message} busy={busy} deeds={deeds} models={models} /> : null}
        <CostLine message={message} />
        <Marks message={message} />
      </footer>
    </article>
  )
})

function More({ message, busy, deeds, models }: Parameters<typeof Message>[0]) {
  const [choosing, setChoosing] = useState(false)
  const others = models.filter(({ ref }) => ref !== message.model)
  const items: Action[] = [
    {
      id: 'open',
      name: 'Open its run',
      group: 'Answer',
      icon: GLYPH.run,
      perform: () => {
        if (message.run) deeds.open(message.run)
      },
    },
    {
      id: 'markdown',
      name: 'Copy as Markdown',
      group: 'Answer',
      icon: GLYPH.document,
      perform: () => navigator.clipboard.writeText(plainText(message)),
    },
    {
      id: 'retry.other',
      name: 'Answer again with another model…',
      group: 'Answer',
      icon: RotateCw,
      when: !busy && !isActive(message) && others.length > 0,
      perform: () => setChoosing(true),
    },
  ]
  return (
    <>
      <ActionMenu align="start" items={items} trigger={<IconButton icon={Ellipsis} size={14} label="More about this answer" />} />
      {choosing ? (
        <ModelDialogPicker
          title="Answer again with"
          models={others}
          onPick={(model) => deeds.retry(message, model)}
          onClose={() => setChoosing(false)}
        />
      ) : null}
    </>
  )
}

function PersonMessage({ message, busy, deeds }: { message: ThreadMessage; busy: boolean; deeds: MessageDeeds }) {
  const [draft, setDraft] = useState<string | null>(null)
  const send = (): void => {
    if (draft === null || draft.trim() === '') return
    deeds.edit(message, draft)
    setDraft(null)
  }
  return (
    <article aria-label="You" className="group flex flex-col items-end gap-1">
      {message.attachments.length > 0 ? (
        <div className="flex max-w-full flex-wrap justify-end gap-1.5">
          {message.attachments.map((attachment, index) => (
            <AttachmentChip key={index} attachment={attachment} />
          ))}
        </div>
      ) : null}
      {draft === null ? (
        message.text === '' ? null : (
          <p
            className="max-w-[85%] whitespace-pre-wrap break-words rounded-card bg-pressed px-3.5 py-2 text-14"
            title={fullTime(message.at)}
          >
            {message.text}
          </p>
        )
      ) : (
        <form className="flex w-full flex-col gap-2" onSubmit={(event) => (event.preventDefault(), send())}>
          <TextArea
            autoFocus
            aria-label="Your message"
            value={draft}
            className="min-h-24 text-14"
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setDraft(null)
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) send()
            }}
          />
          <div className="flex justify-end gap-2">
            <Button onClick={() => setDraft(null)}>Cancel</Button>
            <Button tone="accent" type="submit" disabled={busy || draft.trim() === ''} keys="mod+enter">
              Send
            </Button>
          </div>
        </form>
      )}
      {draft === null ? (
        <footer className="flex h-7 items-center gap-1 opacity-0 transition-opacity duration-120 focus-within:opacity-100 group-hover:opacity-100 touch:opacity-100 phone:h-11">
          <span className="mr-1 text-12 text-ink-faint">{moment(message.at)}</span>
          <CopyButton text={message.text} label="Copy your message" />
          <IconButton icon={Pencil} size={14} label="Edit and send again" disabled={busy} onClick={() => setDraft(message.text)} />
          <Branches message={message} onShow={deeds.show} />
        </footer>
      ) : null}
    </article>
  )
}

/** Which of several versions of this message is shown. */
function Branches({ message, onShow }: { message: ThreadMessage; onShow: (id: string) => void }) {
  const { siblings } = message
  const at = siblings.indexOf(message.id)
  if (siblings.length < 2 || at < 0) return null
  const go = (by: number): void => {
    const other = siblings[at + by]
    if (other !== undefined) onShow(other)
  }
  return (
    <span className="flex items-center">
      <IconButton icon={ChevronLeft} size={14} label="The version before" disabled={at === 0} onClick={() => go(-1)} />
      <span className="figures text-12 text-ink-faint">
        {at + 1}/{siblings.length}
      </span>
      <IconButton icon={ChevronRight} size={14} label="The version after" disabled={at === siblings.length - 1} onClick={() => go(1)} />
    </span>
  )
}

function Marks({ message }: { message: ThreadMessage }) {
  return (
    <span className="ml-auto flex gap-1">
      {message.labels.includes('private') ? (
        <Badge tone="private" icon={GLYPH.private}>
          private
        </Badge>
      ) : null}
      {message.labels.includes('untrusted') ? (
        <Badge tone="untrusted" icon={GLYPH.untrusted}>
          from outside
        </Badge>
      ) : null}
      {message.compacted ? <Badge>shortened</Badge> : null}
    </span>
  )
}

/** What a person would paste elsewhere: the words of an answer, with its sources. */
export function plainText(message: ThreadMessage): string {
  const words = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  const sources = message.citations.map(({ number, document, page }) => `[${number}] ${document}${page === null ? '' : `, page ${page}`}`)
  return [...words, ...(sources.length > 0 ? [sources.join('\n')] : [])].join('\n\n')
}
