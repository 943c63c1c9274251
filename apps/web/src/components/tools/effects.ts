import type { ToolDescription } from '@life-os/contract'
import type { Tone } from '../badge.tsx'

/** How what a tool may do is called and marked, wherever tools are listed. */
export const EFFECT: Record<ToolDescription['effect'], { tone: Tone; word: string }> = {
  read: { tone: 'plain', word: 'only reads' },
  write: { tone: 'change', word: 'changes' },
  external: { tone: 'untrusted', word: 'reaches outside' },
}
