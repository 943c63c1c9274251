import type { Verdict } from '@life-os/contract'
import { Badge } from './badge.tsx'
import type { Tone } from './badge.tsx'

export const VERDICT: Record<Verdict, { tone: Tone; word: string }> = {
  allow: { tone: 'add', word: 'allow' },
  ask: { tone: 'change', word: 'ask' },
  deny: { tone: 'remove', word: 'deny' },
}
export const VERDICTS = (['allow', 'ask', 'deny'] as const).map((value) => ({ value, label: VERDICT[value].word }))

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  return <Badge tone={VERDICT[verdict].tone}>{VERDICT[verdict].word}</Badge>
}
