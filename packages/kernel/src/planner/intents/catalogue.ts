import type { Intent, IntentEntry, MissingInput, Plan, PlanInput } from '@life-os/contract'
import { parseSay } from '../../plans/index.ts'
import type { Places } from '../places.ts'
import { keysAt } from '../words/tokens.ts'
import { stem } from '../words/stem.ts'
import { findPlace } from './find-place.ts'
import { isIdle, match, type Match, type Piece } from './match.ts'
import { askFor } from './questions.ts'
import { waysOf } from './said.ts'

/** What a goal means by one way of saying of one plan. */
export interface Understood {
  plan: Plan
  intent: Intent
  inputs: Record<string, unknown>
  /** Essential inputs that were not said, or not understood. */
  missing: MissingInput[]
  /** 0 to 1. */
  score: number
  /** Words of the saying that were said: of two that fit, the one that says more means it. */
  words: number
  /** Whether all that was said was understood; what is missing was not said. */
  plain: boolean
  notices: { code: string; text: string }[]
}

/** From here on a goal is what the saying says. */
export const SURE = 0.8
/** From here on it is what the saying says, as far as it goes. */
export const LIKELY = 0.45

/** All that a goal may mean, likeliest first; one entry a plan. Pure but for looking whether places are there. */
export async function understand(goal: string, plans: readonly Plan[], places: Places, now: number): Promise<Understood[]> {
  const ways = waysOf(goal)
  const found: Understood[] = []
  for (const plan of plans) {
    const fitting: Understood[] = []
    for (const { intent, pieces } of sayingsOf(plan)) {
      const matched = ways.map((said) => match(pieces, said, { goal, now })).toSorted((a, b) => (a?.cost ?? 9) - (b?.cost ?? 9))[0]
      if (matched && 1 - matched.cost >= LIKELY) fitting.push(await settle(plan, intent, matched, places))
    }
    const best = fitting.toSorted(likelier)[0]
    if (best && best.score >= LIKELY) found.push(best)
  }
  return found.toSorted(likelier)
}

function likelier(a: Understood, b: Understood): number {
  return (
    a.missing.length - b.missing.length ||
    Number(b.score >= SURE) - Number(a.score >= SURE) ||
    b.words - a.words ||
    b.score - a.score ||
    (a.plan.id < b.plan.id ? -1 : 1)
  )
}

const ready = new WeakMap<Plan, { intent: Intent; pieces: Piece[] }[]>()

function sayingsOf(plan: Plan): { intent: Intent; pieces: Piece[] }[] {
  let sayings = ready.get(plan)
  if (!sayings) {
    sayings = (plan.intents ?? []).flatMap((intent) => {
      const pieces = piecesOf(intent.say, plan.inputs)
      return pieces ? [{ intent, pieces }] : []
    })
    ready.set(plan, sayings)
  }
  return sayings
}

/** Null where the saying cannot be read or names what the plan has not: the checker reports that. */
function piecesOf(say: string, inputs: Plan['inputs']): Piece[] | null {
  const parsed = parseSay(say)
  if (!parsed.ok) return null
  const pieces: Piece[] = []
  const stems = parsed.parts.map((part) => (part.kind === 'word' ? stem(part.word) : ''))
  for (let at = 0; at < parsed.parts.length;) {
    const part = parsed.parts[at]
    if (part?.kind === 'slot') {
      const input = inputs[part.name]
      if (!input) return null
      pieces.push({ kind: 'slot', name: part.name, input })
      at += 1
    } else {
      const longest = keysAt(stems, at)[0]
      if (longest && !(longest.length === 1 && isIdle(stems[at] ?? ''))) pieces.push({ kind: 'key', key: longest.key })
      at += longest?.length ?? 1
    }
  }
  return pieces
}

async function settle(plan: Plan, intent: Intent, matched: Match, places: Places): Promise<Understood> {
  const inputs: Record<string, unknown> = { ...intent.inputs }
  const notices: Understood['notices'] = []
  const why = new Map<string, { text: string; near?: string }>()
  let lost = 0
  for (const [name, reading] of matched.readings) {
    const input = plan.inputs[name]
    if (reading.kind === 'value') inputs[name] = reading.value
    else if (input?.type === 'path' || input?.type === 'file') {
      const place = await findPlace(reading.place, input.type, places)
      if (place.ok) inputs[name] = place.path
      else {
        why.set(name, { text: place.why, ...(place.near !== undefined && { near: place.near }) })
        lost += reading.cost + 0.05
        notices.push({ code: 'place-missing', text: place.why })
      }
    }
  }
  for (const [name, words] of matched.unread) if (words !== null) why.set(name, { text: `“${words}” was not understood.` })
  const missing = Object.entries(plan.inputs)
    .filter(([name, input]) => !Object.hasOwn(inputs, name) && (essential(input) || matched.unread.get(name) != null || why.has(name)))
    .map(([name, input]) => askFor(name, input, why.get(name)?.text, why.get(name)?.near))
  return {
    plan,
    intent,
    inputs,
    missing,
    score: Math.max(0, 1 - matched.cost - lost),
    words: matched.words,
    plain: why.size === 0,
    notices,
  }
}

const essential = (input: PlanInput): boolean => !input.optional && input.default === undefined

/** What can be said, for people to read. */
export function entriesOf(plans: readonly Plan[]): IntentEntry[] {
  return plans.flatMap((plan) => (plan.intents ?? []).map(({ say, examples }) => ({ plan: plan.id, name: plan.name, say, examples })))
}
