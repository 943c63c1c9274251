import {
  joinLabels,
  type Agent,
  type Citation,
  type JsonSchema,
  type Labels,
  type ModelMessage,
  type ToolDescription,
} from '@life-os/contract'
import { begin } from './begin.ts'
import { createSources, type Sources } from './citations.ts'
import { firstMessages } from './messages.ts'
import { toolsOf } from './offered.ts'
import { systemPrompt } from './prompt.ts'
import { pseudoTools } from './pseudo.ts'
import { createRepeats, type Repeats } from './repeats.ts'
import type { Turn, TurnOutput } from './types.ts'

/** A turn under way: what was said and seen in it. */
export interface Talk {
  readonly turn: Turn
  readonly allowed: ReadonlyMap<string, ToolDescription>
  readonly pseudo: ReadonlyMap<string, JsonSchema>
  /** Those that it may give work to. */
  readonly agents: readonly Agent[]
  /** Ids of tools that the model is told of. */
  readonly offered: Set<string>
  readonly messages: ModelMessage[]
  /** Where the turn's own words stand among them. */
  readonly own: number
  readonly sources: Sources
  readonly repeats: Repeats
  calls: number
  /** Of the calls so far. */
  readonly ids: Set<string>
  /** Answers in a row that said nothing. */
  empty: number
  model: string | null
}

export async function beginTalk(turn: Turn): Promise<Talk> {
  const { deps, agent, given, world } = turn
  const allowed = toolsOf(agent, deps.tools())
  const { at, sentences, offered, labels } = await begin(turn, allowed)
  const agents = agent.agents.flatMap((id) => world.agent(id) ?? [])
  const own: Turn = { ...turn, frame: { ...turn.frame, labels } }
  const sources = createSources()
  const system = systemPrompt({ agent, at, sentences, hasTools: allowed.size > 0, output: given.output })
  const messages = firstMessages(system, given, sources)
  return {
    turn: own,
    allowed,
    pseudo: new Map(pseudoTools(agent, agents).map(({ id, input }) => [id, input])),
    agents,
    offered: new Set(offered),
    messages,
    own: messages.length - 1,
    sources,
    repeats: createRepeats(),
    calls: 0,
    ids: new Set(),
    empty: 0,
    model: null,
  }
}

/** What the model has seen: it colours all that it says from here on. */
export function saw({ turn }: Talk, ...labels: readonly Labels[]): void {
  turn.frame = { ...turn.frame, labels: joinLabels(turn.frame.labels, ...labels) }
}

/** Tells a person something about this turn that is no part of the answer. */
export function notice({ turn }: Talk, code: string, message: string): void {
  turn.world.note({ type: 'warning-noted', path: turn.frame.path, code, message })
}

/** The step's output, its citations checked against what was shown to the model. */
export function outputOf(talk: Talk, rounds: number, said: { text: string; object?: unknown }): TurnOutput {
  const { text, citations, unknown } = talk.sources.verified(said.text)
  if (unknown.length > 0)
    notice(
      talk,
      'citation-unknown',
      `The model pointed to sources that it was not shown (${unknown.join(', ')}). Those marks were taken out.`,
    )
  const cited: Citation[] = citations
  return { text, ...(said.object !== undefined && { object: said.object }), citations: cited, rounds, model: talk.model, calls: talk.calls }
}
