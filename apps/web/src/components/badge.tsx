import type { Label, Mode, RunState } from '@life-os/contract'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { GLYPH, STATE_GLYPH } from './glyphs.ts'
import { Icon } from './icon.tsx'

export type Tone = 'plain' | 'accent' | 'add' | 'remove' | 'change' | 'private' | 'untrusted' | 'final'
const TONES: Record<Tone, string> = {
  plain: 'bg-hover text-ink-soft',
  accent: 'bg-accent-soft text-accent-text',
  add: 'bg-add-soft text-add',
  remove: 'bg-remove-soft text-remove',
  change: 'bg-change-soft text-change',
  private: 'bg-private-soft text-private',
  untrusted: 'bg-untrusted-soft text-untrusted',
  final: 'bg-final-soft text-final',
}

/** A word with its meaning colour; the word carries the meaning, the colour repeats it. */
export function Badge({
  tone = 'plain',
  icon,
  children,
  className,
  spin = false,
}: {
  tone?: Tone
  icon?: LucideIcon
  children: ReactNode
  className?: string
  spin?: boolean
}) {
  return (
    <span
      className={cn(
        'inline-flex h-5 shrink-0 items-center gap-1 whitespace-nowrap rounded-small px-1.5 text-12 font-medium',
        TONES[tone],
        className,
      )}
    >
      {icon ? <Icon of={icon} size={12} className={spin ? 'spin' : ''} /> : null}
      {children}
    </span>
  )
}

const STATE: Record<RunState, { tone: Tone; word: string }> = {
  previewing: { tone: 'plain', word: 'Previewing' },
  queued: { tone: 'plain', word: 'Queued' },
  running: { tone: 'accent', word: 'Running' },
  waiting: { tone: 'change', word: 'Waits for you' },
  paused: { tone: 'plain', word: 'Paused' },
  done: { tone: 'add', word: 'Done' },
  failed: { tone: 'remove', word: 'Failed' },
  cancelled: { tone: 'plain', word: 'Cancelled' },
  stopped: { tone: 'remove', word: 'Stopped' },
}
export const stateWord = (state: RunState): string => STATE[state].word

export function StateBadge({ state, className }: { state: RunState; className?: string }) {
  return (
    <Badge tone={STATE[state].tone} icon={STATE_GLYPH[state]} spin={state === 'running'} {...(className && { className })}>
      {STATE[state].word}
    </Badge>
  )
}

export function LabelBadges({ labels }: { labels: readonly Label[] }) {
  return labels.map((label) => (
    <Badge key={label} tone={label} icon={GLYPH[label]}>
      {label}
    </Badge>
  ))
}

const MODE_TONE: Record<Mode, Tone> = { observe: 'plain', draft: 'accent', autopilot: 'change' }
export function ModeBadge({ mode }: { mode: Mode }) {
  return <Badge tone={MODE_TONE[mode]}>{mode}</Badge>
}
