import type { Attachment, Mode } from '@life-os/contract'
import { ArrowUp, Bot, Cpu, Paperclip, Square } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { FolderPicker } from '../../components/folder-picker.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { ActionMenu, ChoiceMenu } from '../../components/menu.tsx'
import { ModelPicker } from '../../components/models/model-picker.tsx'
import { cn } from '../../lib/cn.ts'
import { placed } from './attachments.tsx'
import type { ComposerProps } from './composer-props.ts'
import { RunPicker } from './run-picker.tsx'

const MODES: readonly { value: Mode; label: string; hint: string }[] = [
  { value: 'observe', label: 'Observe', hint: 'It looks, and changes nothing.' },
  { value: 'draft', label: 'Draft', hint: 'It shows each change and asks.' },
  { value: 'autopilot', label: 'Autopilot', hint: 'It acts within what you allowed.' },
]

/** What goes along with a message: files, who answers, with what, and how far it may go. */
export function ComposerFoot({
  thread,
  agents,
  models,
  lists,
  going,
  busy,
  empty,
  attach,
  place,
  onStop,
  onChange,
}: ComposerProps & { empty: boolean; attach: (files: File[]) => Promise<void>; place: (attachment: Attachment) => void }) {
  const [picking, setPicking] = useState<'file' | 'folder' | 'run' | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const mode = MODES.find((each) => each.value === thread.mode)
  return (
    <div className="flex min-w-0 items-center gap-1 px-2 pb-2 phone:gap-0 phone:px-1 phone:pb-1">
      <ActionMenu
        align="start"
        trigger={<IconButton icon={Paperclip} label="Attach" />}
        items={[
          { id: 'upload', name: 'Upload files', group: 'Attach', icon: GLYPH.document, perform: () => input.current?.click() },
          { id: 'file', name: 'A file on this machine', group: 'Attach', icon: GLYPH.document, perform: () => setPicking('file') },
          { id: 'folder', name: 'A folder on this machine', group: 'Attach', icon: GLYPH.folder, perform: () => setPicking('folder') },
          { id: 'run', name: 'A run', group: 'Attach', icon: GLYPH.run, perform: () => setPicking('run') },
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
          <Chooser icon={Bot} short label="Who answers" text={agents.find((each) => each.value === thread.agent)?.label ?? thread.agent} />
        }
      />
      <ModelPicker
        label="Model"
        value={thread.model ?? ''}
        others={lists}
        models={models}
        onPick={(model) => onChange({ model: model === '' ? null : model })}
        trigger={
          <Chooser icon={Cpu} label="Model" text={models.find((each) => each.ref === thread.model)?.title ?? thread.model ?? 'Automatic'} />
        }
      />
      <ChoiceMenu
        label="How far it may go"
        value={thread.mode}
        options={MODES}
        onChange={(next) => onChange({ mode: next })}
        trigger={<Chooser icon={GLYPH.permission} short label="How far it may go" text={mode?.label ?? thread.mode} />}
      />
      <span className="ml-auto" />
      {going ? (
        <Button icon={Square} onClick={onStop} keys="escape">
          Stop
        </Button>
      ) : (
        <button
          type="submit"
          aria-label="Send"
          disabled={busy || empty}
          className="flex size-7 shrink-0 items-center justify-center rounded-control bg-accent text-on-accent transition-colors duration-120 hover:bg-accent-strong disabled:bg-pressed disabled:text-ink-faint phone:size-11"
        >
          <Icon of={ArrowUp} />
        </button>
      )}
      {picking === 'run' ? (
        <RunPicker
          onPick={(run) => {
            place(run)
            setPicking(null)
          }}
          onClose={() => setPicking(null)}
        />
      ) : picking ? (
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

/** A choice by its value; `short`: on a phone by its glyph alone. */
function Chooser({ icon, label, text, short = false, ...rest }: { icon: typeof Bot; label: string; text: string; short?: boolean }) {
  return (
    <button
      type="button"
      aria-label={`${label}: ${text}`}
      title={`${label}: ${text}`}
      className={cn(
        'flex h-7 min-w-0 max-w-44 items-center gap-1.5 rounded-control px-2 text-12 font-medium text-ink-soft hover:bg-hover hover:text-ink phone:h-11',
        short && 'phone:w-11 phone:shrink-0 phone:justify-center phone:px-0',
      )}
      {...rest}
    >
      <Icon of={icon} size={14} className="text-ink-faint" />
      <span className={cn('truncate', short && 'phone:sr-only')}>{text}</span>
    </button>
  )
}
