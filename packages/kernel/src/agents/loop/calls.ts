import { z } from 'zod'
import { NEVER_CAUGHT, childPath, itemPath, type Outcome } from '../../runs/index.ts'
import { makeCall, type Callable, type OneCall } from './call.ts'
import { DELEGATE, START_PLAN } from './pseudo.ts'
import { failedWith } from './results.ts'
import { saw, type Talk } from './talk.ts'
import type { CallResult, TurnOutput } from './types.ts'

/** What came of a round's calls. `ended`: the turn waits or may not go on. `stalled`: the model goes round in a circle. */
export type Round = { results: CallResult[]; stalled: boolean } | { ended: Outcome }

const REPEATED = {
  code: 'agent-repeated',
  message:
    'You made this very call twice and got the same both times, so it was not made again. Do something else, or answer with what you have.',
}

/** Makes the calls of one round side by side, plans after the others and one by one: each may spend all that is left. */
export async function makeCalls(talk: Talk, round: string, calls: readonly OneCall[], delegate: Callable['delegate']): Promise<Round> {
  const { turn, allowed, pseudo } = talk
  const callable: Callable = { allowed, pseudo, delegate }
  const verdicts = calls.map(({ tool, input }) => talk.repeats.verdict(tool, input))
  if (verdicts.includes('again')) return { results: [], stalled: true }
  const made: (CallResult | Outcome)[] = Array.from({ length: calls.length }, () => failedWith(REPEATED, turn.frame.labels))
  const make = async (index: number): Promise<void> => {
    const call = calls[index]
    if (call && verdicts[index] === 'make') made[index] = await makeCall(turn, itemPath(childPath(round, 'call'), index), call, callable)
  }
  const all = calls.map((_, index) => index)
  const isPlan = (index: number): boolean => calls[index]?.tool === START_PLAN
  await sideBySide(
    all.filter((index) => !isPlan(index)),
    turn.agent.limits.parallel,
    make,
  )
  for (const index of all.filter(isPlan)) if (!made.some(endsTurn)) await make(index)
  const ended = endOf(made)
  if (ended) return { ended }
  const results = made as CallResult[] // no outcome among them
  talk.calls += calls.length
  saw(talk, ...results.map(({ labels }) => labels))
  return { results: calls.map((call, index) => took(talk, call, results[index] ?? failedWith(REPEATED, []))), stalled: false }
}

const endsTurn = (made: CallResult | Outcome): made is Outcome => 'kind' in made

/** What may not be gone on after comes first, then any other failure, then what waits. */
function endOf(made: readonly (CallResult | Outcome)[]): Outcome | undefined {
  const ends = made.filter(endsTurn)
  const failed = ends.filter((end) => end.kind === 'failed')
  return failed.find(({ error }) => NEVER_CAUGHT.has(error.code)) ?? failed[0] ?? ends[0]
}

async function sideBySide(indexes: readonly number[], most: number, work: (index: number) => Promise<void>): Promise<void> {
  const open = [...indexes]
  const worker = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) await work(index)
  }
  await Promise.all(Array.from({ length: Math.min(most, indexes.length) }, worker))
}

/** Takes a result in and answers it as the model is told of it. */
function took(talk: Talk, { tool, input }: OneCall, result: CallResult): CallResult {
  if (result.code !== REPEATED.code) talk.repeats.note(tool, input, result)
  const changes = talk.allowed.get(tool)?.effect !== 'read'
  if (changes && !result.failed) talk.repeats.changed()
  if (result.failed) return result
  for (const id of toolsFound(tool, result.output)) if (talk.allowed.has(id)) talk.offered.add(id)
  if (tool !== DELEGATE) return { ...result, output: talk.sources.numbered(result.output) }
  const { text, object, citations } = result.output as TurnOutput // made by the turn of another agent
  return { ...result, output: { text: talk.sources.adopted(text, citations), ...(object !== undefined && { object }) } }
}

const Found = z.looseObject({ tools: z.array(z.looseObject({ tool: z.string() })) })

function toolsFound(tool: string, output: unknown): string[] {
  const parsed = tool === 'life-os.find-tools' ? Found.safeParse(output) : null
  return parsed?.success ? parsed.data.tools.map((one) => one.tool) : []
}
