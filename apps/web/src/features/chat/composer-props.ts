import type { Attachment, Mode, Model, Thread } from '@life-os/contract'
import type { SlashCommand } from './slash-commands.ts'

export interface ComposerProps {
  /** Where a draft is kept under; `new` before there is a thread. */
  draftKey: string
  thread: Pick<Thread, 'agent' | 'model' | 'mode'>
  agents: readonly { value: string; label: string; hint?: string }[]
  models: readonly Model[]
  /** What may stand for a model. */
  lists: readonly { value: string; label: string; hint?: string }[]
  /** An answer is being made. */
  going: boolean
  busy: boolean
  onSend: (text: string, attachments: Attachment[]) => void
  onStop: () => void
  onCommand: (command: SlashCommand, rest: string) => void
  onChange: (patch: { agent?: string; model?: string | null; mode?: Mode }) => void
}
