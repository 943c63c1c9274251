import type { ApprovalDetail } from '@life-os/contract'
import type { LucideIcon } from 'lucide-react'
import type { Tone } from '../badge.tsx'
import { GLYPH } from '../glyphs.ts'

/** How each kind of question is called and marked. */
export const KIND: Record<ApprovalDetail['kind'], { word: string; tone: Tone; icon: LucideIcon }> = {
  preview: { word: 'Changes', tone: 'accent', icon: GLYPH.approval },
  permission: { word: 'Permission', tone: 'accent', icon: GLYPH.permission },
  drift: { word: 'Drifted', tone: 'change', icon: GLYPH.warning },
  step: { word: 'Asks', tone: 'accent', icon: GLYPH.approval },
  uncertain: { word: 'Outcome unknown', tone: 'change', icon: GLYPH.warning },
  error: { word: 'Error', tone: 'remove', icon: GLYPH.warning },
  review: { word: 'Review', tone: 'accent', icon: GLYPH.agent },
  question: { word: 'Question', tone: 'accent', icon: GLYPH.agent },
  secret: { word: 'Secret', tone: 'private', icon: GLYPH.secret },
}
