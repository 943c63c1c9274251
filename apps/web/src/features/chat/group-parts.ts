import type { AnswerPart } from '@life-os/contract'

export type ToolPart = Extract<AnswerPart, { type: 'tool' }>
export type ShownPart = { type: 'group'; key: string; parts: ToolPart[] } | { type: 'part'; key: string; part: AnswerPart }

const MOST = 4
const isQuiet = (part: AnswerPart): part is ToolPart => part.type === 'tool' && part.state === 'done' && part.approval === null

/** Parts as they are shown: more than four calls in a row that are done become one line. Whatever asks, runs or failed stays in sight. */
export function groupParts(parts: readonly AnswerPart[]): ShownPart[] {
  const shown: ShownPart[] = []
  for (let at = 0; at < parts.length;) {
    const quiet: ToolPart[] = []
    for (let next = parts[at]; next && isQuiet(next); next = parts[at + quiet.length]) quiet.push(next)
    const [first] = quiet
    if (first && quiet.length > MOST) {
      shown.push({ type: 'group', key: `group.${first.step}`, parts: quiet })
      at += quiet.length
      continue
    }
    for (const part of quiet.length > 0 ? quiet : parts.slice(at, at + 1)) {
      shown.push({ type: 'part', key: `${at}.${'step' in part ? part.step : part.code}`, part })
      at++
    }
  }
  return shown
}
