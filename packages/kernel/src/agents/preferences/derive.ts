import { joinLabels } from '@life-os/contract'
import type { Labels, Preference } from '@life-os/contract'
import type { DecisionRow } from '../../store/index.ts'
import { DecisionSubject } from '../decisions/subject.ts'
import type { DecisionKind } from '../decisions/subject.ts'
import { RULES } from './rules.ts'
import type { Seen, Sign } from './rules.ts'

/** A sentence that decisions led to. `rule`: its topic, by which it is proposed once. */
export interface Derived {
  rule: string
  sentence: string
  agent: string | null
  evidence: (Preference['evidence'][number] & { decision: string })[]
  labels: Labels
}

/** Decisions in a row that a sentence needs. */
const ENOUGH = 2
const MOST_EVIDENCE = 50

/**
 * Sentences that these decisions, oldest first, lead to: those whose newest signs, two at least and of different runs, all speak
 * for it. Pure: the same decisions give the same sentences.
 */
export function deriveFrom(decisions: readonly DecisionRow[], home?: string): Derived[] {
  const seen = decisions.map(seenOf)
  const signs = seen.flatMap((decision) => RULES.flatMap((rule) => rule(decision, home)).map((sign) => ({ sign, decision })))
  return [...Map.groupBy(signs, ({ sign }) => sign.topic)].flatMap(([topic, all]) => {
    const inRow = lastInRow(all)
    return new Set(inRow.map(({ decision }) => decision.run ?? decision.id)).size < ENOUGH ? [] : [derived(topic, inRow)]
  })
}

/** The newest signs up to the last one that speaks against. */
function lastInRow(all: readonly { sign: Sign; decision: Seen }[]): { sign: Sign; decision: Seen }[] {
  return all.slice(all.findLastIndex(({ sign }) => !sign.speaksFor) + 1)
}

function derived(rule: string, inRow: readonly { sign: Sign; decision: Seen }[]): Derived {
  const decisions = [...new Map(inRow.map(({ decision }) => [decision.id, decision])).values()]
  const agents = new Set(decisions.map(({ agent }) => agent))
  const [agent = null] = agents
  const labels = joinLabels(...decisions.map(({ subject }) => subject.labels)).filter((label) => label === 'private')
  return {
    rule,
    sentence: inRow.at(-1)?.sign.sentence ?? '',
    agent: agents.size === 1 ? agent : null,
    evidence: decisions.slice(-MOST_EVIDENCE).map(({ id, at, run, subject }) => ({ decision: id, at, run, words: subject.words })),
    labels,
  }
}

function seenOf({ id, at, kind, run, agent, tool, reason, subject_json }: DecisionRow): Seen {
  const subject = DecisionSubject.parse(JSON.parse(subject_json))
  return { id, at, kind: kind as DecisionKind, run, agent, tool, reason, subject } // the column holds what this module wrote
}
