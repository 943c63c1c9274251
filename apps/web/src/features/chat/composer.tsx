import type { Attachment, Mode, Thread } from '@life-os/contract'
import { ArrowUp, Bot, Cpu, Paperclip, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { FolderPicker } from '../../components/folder-picker.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { ActionMenu, ChoiceMenu } from '../../components/menu.tsx'
import { cn } from '../../lib/cn.ts'
import { requestError } from '../../lib/api.ts'
import { AttachmentChip, placed, tooLarge, uploaded } from './attachments.tsx'
import { drafts } from './drafts.ts'
import { useFileDrop } from './use-file-drop.ts'
import { SlashMenu } from './slash-menu.tsx'
import { parseSlash } from './slash-commands.ts'
import type { SlashCommand } from './slash-commands.ts'

export interface ComposerProps {
  /** Where a draft is kept under; `new` before there is a thread. */
  draftKey: string
  thread: Pick<Thread, 'agent' | 'model' | 'mode'>
  agents: readonly { value: string; label: string; hint?: string }[]
  models: readonly { value: string; label: string; hint?: string }[]
  /** An answer is being made. */
  going: boolean
  busy: boolean
  onSend: (text: string, attachments: Attachment[]) => void
  onStop: () => void
  onCommand: (command: SlashCommand, rest: string) => void
  onChange: (patch: { agent?: string; model?: string | null; mode?: Mode }) => void
}

const MODES: readonly { value: Mode; label: string; hint: string }[] = [
  { value: 'observe', label: 'Observe', hint: 'It looks, and changes nothing.' },
  { value: 'draft', label: 'Draft', hint: 'It shows each change and asks.' },
  { value: 'autopilot', label: 'Autopilot', hint: 'It acts within what you allowed.' },
]

/** Where a message is written: words, files, a command after a slash; who answers, with what, and how far it may go. */
export function Composer(props: ComposerProps) {
  const { draftKey, going, busy, onSend, onStop, onCommand } = props
  const [text, setText] = useState(() => drafts.read(draftKey))
  const [attachments, setAttachments] = useState<readonly Attachment[]>([])
  const [uploading, setUploading] = useState(0)
  const [fault, setFault] = useState<string | null>(null)
  const box = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const slash = parseSlash(text)
  useEffect(() => drafts.write(draftKey, text), [draftKey, text])
  useEffect(() => grow(box.current), [text])
  const say = (next: string): void => (setText(next), setFault(null))
  const attach = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      if (tooLarge(file)) {
        setFault(`${file.name} is larger than 64 MB. Attach it by its place on this machine instead.`)
        continue
      }
      setUploading((count) => count + 1)
      await uploaded(file).then(
        (attachment) => setAttachments((before) => [...before, attachment]),
        (thrown: unknown) => setFault(requestError(thrown).message),
      )
      setUploading((count) => count - 1)
    }
  }
  const over = useFileDrop(form, (files) => void attach(files))
  const submit = (): void => {
    const parsed = parseSlash(text.startsWith('/') && !text.includes(' ') ? `${text} ` : text)
    if (parsed.kind === 'fault') return setFault(parsed.message)
    if (parsed.kind === 'command') {
      onCommand(parsed.command, parsed.rest)
      return say('')
    }
    if (busy || going || uploading > 0 || (text.trim() === '' && attachments.length === 0)) return
    onSend(text.trim(), [...attachments])
    say('')
    setAttachments([])
  }
  return (
    <form
      aria-label="Your message"
      onSubmit={(event) => (event.preventDefault(), submit())}
      ref={form}
      className={cn(
        'relative rounded-card border bg-raised transition-colors duration-120 focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {slash.kind === 'open' ? (
        <SlashMenu
          commands={slash.matches}
          onPick={(command) => {
            if (command.takes === undefined) {
              onCommand(command, '')
              say('')
            } else say(`/${command.word} `)
            box.current?.focus()
          }}
          box={box}
        />
      ) : null}
      {attachments.length > 0 || uploading > 0 ? (
        <div className="flex flex-wrap gap-1.5 px-3 pt-3">
          {attachments.map((attachment, index) => (
            <AttachmentChip
              key={index}
              attachment={attachment}
              onRemove={() => setAttachments(attachments.filter((_, each) => each !== index))}
            />
          ))}
          {uploading > 0 ? <span className="skeleton h-8 w-32" /> : null}
        </div>
      ) : null}
      <textarea
        ref={box}
        rows={1}
        value={text}
        aria-label="Message"
        placeholder="Ask, or say what should be done"
        maxLength={200_000}
        onChange={(event) => say(event.target.value)}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (files.length === 0) return
          event.preventDefault()
          void attach(files)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.defaultPrevented) return
          event.preventDefault()
          submit()
        }}
        className="max-h-64 w-full resize-none bg-transparent px-3.5 pb-1 pt-3 text-14 outline-none phone:text-16"
      />
      {fault ? (
        <p role="alert" className="px-3.5 pb-1 text-12 text-remove">
          {fault}
        </p>
      ) : null}
      <Foot
        {...props}
        empty={text.trim() === '' && attachments.length === 0}
        attach={attach}
        place={(next) => setAttachments([...attachments, next])}
        onStop={onStop}
      />
    </form>
  )
}

function Foot({
  thread,
  agents,
  models,
  going,
  busy,
  empty,
  attach,
  place,
  onStop,
  onChange,
}: ComposerProps & { empty: boolean; attach: (files: File[]) => Promise<void>; place: (attachment: Attachment) => void }) {
  const [picking, setPicking] = useState<'file' | 'folder' | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const mode = MODES.find((each) => each.value === thread.mode)
  return (
    <div className="flex flex-wrap items-center gap-1 px-2 pb-2">
      <ActionMenu
        align="start"
        trigger={<IconButton icon={Paperclip} label="Attach" />}
        items={[
          { id: 'upload', name: 'Upload files', group: 'Attach', icon: GLYPH.document, perform: () => input.current?.click() },
          { id: 'file', name: 'A file on this machine', group: 'Attach', icon: GLYPH.document, perform: () => setPicking('file') },
          { id: 'folder', name: 'A folder on this machine', group: 'Attach', icon: GLYPH.folder, perform: () => setPicking('folder') },
        ]}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Upload files"
        onChange={(event) => {
          void attach([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <ChoiceMenu
        label="Who answers"
        value={thread.agent}
        options={agents}
        onChange={(agent) => onChange({ agent })}
        trigger={
          <Chooser icon={Bot} label="Who answers" text={agents.find((each) => each.value === thread.agent)?.label ?? thread.agent} />
        }
      />
      <ChoiceMenu
        label="Model"
        value={thread.model ?? ''}
        options={[{ value: '', label: 'Automatic', hint: 'Local first; your choices on the Models page.' }, ...models]}
        onChange={(model) => onChange({ model: model === '' ? null : model })}
        trigger={
          <Chooser
            icon={Cpu}
            label="Model"
            text={models.find((each) => each.value === thread.model)?.label ?? thread.model ?? 'Automatic'}
          />
        }
      />
      <ChoiceMenu
        label="How far it may go"
        value={thread.mode}
        options={MODES}
        onChange={(next) => onChange({ mode: next })}
        trigger={<Chooser icon={GLYPH.permission} label="How far it may go" text={mode?.label ?? thread.mode} />}
      />
      <span className="flex-1" />
      {going ? (
        <Button icon={Square} onClick={onStop} keys="escape">
          Stop
        </Button>
      ) : (
        <button
          type="submit"
          aria-label="Send"
          disabled={busy || empty}
          className="flex size-7 items-center justify-center rounded-control bg-accent text-on-accent transition-colors duration-120 hover:bg-accent-strong disabled:bg-pressed disabled:text-ink-faint phone:size-11"
        >
          <Icon of={ArrowUp} />
        </button>
      )}
      {picking ? (
        <FolderPicker
          start=""
          file={picking === 'file'}
          onPick={(path) => {
            place(placed(path, picking))
            setPicking(null)
          }}
          onClose={() => setPicking(null)}
        />
      ) : null}
    </div>
  )
}

function Chooser({ icon, label, text, ...rest }: { icon: typeof Bot; label: string; text: string }) {
  return (
    <button
      type="button"
      aria-label={`${label}: ${text}`}
      className="flex h-7 max-w-44 items-center gap-1.5 rounded-control px-2 text-12 font-medium text-ink-soft hover:bg-hover hover:text-ink phone:h-11 phone:max-w-28"
      {...rest}
    >
      <Icon of={icon} size={14} className="text-ink-faint" />
      <span className="truncate">{text}</span>
    </button>
  )
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return
  box.style.height = 'auto'
  box.style.height = `${box.scrollHeight}px`
}
