import type { GenerateAnswer } from '@life-os/contract'
import { SUSPENDED, asAgent, childPath, failWith, itemPath, valueOutcome, type Outcome } from '../../runs/index.ts'
import { answerIn, askModel } from './ask-model.ts'
import { ruledBefore, ruledInstead } from './by-rules.ts'
import { makeCalls } from './calls.ts'
import { readInput } from './input.ts'
import { modelSaid, resultsOf, userSays } from './messages.ts'
import { objectOf } from './object.ts'
import { modelTools } from './offered.ts'
import { beginTalk, notice, outputOf, saw, type Talk } from './talk.ts'
import type { Turn } from './types.ts'

const DEEPEST = 4
const EMPTY_MOST = 2
const CALLS_MOST = 64
/** Of calls, as the strictest provider takes them. */
const ID = /^[\w-]{1,64}$/
const SAY_SOMETHING = 'You said nothing and called nothing. Answer, or call a tool.'
const LAST_ROUND = 'This is your last turn: no more tools. Answer with what you have, and say what is left undone.'

/** A whole turn: rounds of a model and the tools it asks for, until it answers. */
export async function runTurn(turn: Turn): Promise<Outcome> {
  const talk = await beginTalk(turn)
  const ruled = await ruledBefore(talk.turn)
  if (ruled) return ruled
  const { rounds } = turn.agent.limits
  for (let round = 0; ; round += 1) {
    const isLast = round >= rounds - 1
    const said = await ask(talk, round, isLast)
    if (said.kind !== 'value') return round === 0 ? ruledInstead(talk.turn, said) : said
    saw(talk, said.labels)
    const answer = heeded(talk, answerIn(said), round)
    talk.model = answer.model
    if (answer.calls.length === 0 || isLast) {
      if (isLast && round > 0)
        notice(talk, 'agent-rounds', `${turn.agent.name} used all of its ${rounds} rounds. What it has is here; say “go on” for more.`)
      if (!isLast && isEmpty(answer) && talk.empty++ < EMPTY_MOST) {
        talk.messages.push(modelSaid(answer), userSays(SAY_SOMETHING))
        continue
      }
      return final(talk, answer, round + 1)
    }
    talk.empty = 0
    const made = await makeCalls(talk, roundPath(talk, round), answer.calls, delegate)
    if ('ended' in made) return made.ended
    if (made.stalled) return stalled(talk, answer, round + 1)
    talk.messages.push(modelSaid(answer), resultsOf(answer.calls, made.results))
  }
}

/** As many calls as one answer may ask for, each with an id that no other call of the turn has and that every provider takes. */
function heeded(talk: Talk, answer: GenerateAnswer, round: number): GenerateAnswer {
  if (answer.calls.length > CALLS_MOST)
    notice(talk, 'agent-calls', `The model asked for ${answer.calls.length} calls at once; the first ${CALLS_MOST} were looked at.`)
  const calls = answer.calls.slice(0, CALLS_MOST).map((call, index) => {
    const id = ID.test(call.id) && !talk.ids.has(call.id) ? call.id : `r${round}c${index}`
    talk.ids.add(id)
    return { ...call, id }
  })
  return { ...answer, calls }
}

const roundPath = ({ turn }: Talk, round: number): string => itemPath(childPath(turn.frame.path, 'turn'), round)
const isEmpty = ({ text, object }: GenerateAnswer): boolean => text.trim() === '' && object === undefined

function ask(talk: Talk, round: number, isLast: boolean): Promise<Outcome> {
  const { turn, agents, offered, allowed, messages, own } = talk
  return askModel(turn, roundPath(talk, round), {
    messages: isLast && round > 0 ? [...messages, userSays(LAST_ROUND)] : messages,
    own,
    tools: modelTools(turn.agent, agents, offered, allowed),
    toolChoice: isLast ? 'none' : 'auto',
  })
}

async function final(talk: Talk, answer: GenerateAnswer, rounds: number): Promise<Outcome> {
  const { turn } = talk
  const { output } = turn.given
  if (output) {
    const shaped = await objectOf(talk, output, answer, rounds)
    if ('ended' in shaped) return shaped.ended
    return valueOutcome(outputOf(talk, shaped.rounds, { text: '', object: shaped.object }), turn.frame.labels)
  }
  if (isEmpty(answer)) notice(talk, 'agent-empty', `${turn.agent.name} answered nothing. Ask again, or with another model.`)
  if (answer.finish === 'length')
    notice(talk, 'answer-cut', 'The answer was longer than the model may write at once, and ends in the middle. Say “go on” for the rest.')
  return valueOutcome(outputOf(talk, rounds, answer), turn.frame.labels)
}

function stalled(talk: Talk, { text }: GenerateAnswer, rounds: number): Outcome {
  const { turn } = talk
  notice(
    talk,
    'agent-stalled',
    `${turn.agent.name} made the same call again and again and came no further, so it was ended. Say it differently, or try another model.`,
  )
  const words = text.trim() === '' ? 'I went round in a circle and ended here. What I found so far stands above.' : text
  return valueOutcome(outputOf(talk, rounds, { text: words }), turn.frame.labels)
}

/** A task given on: the turn of another agent, nested at the call's path and within what this one may do and spend. */
async function delegate(turn: Turn, path: string, { agent: id, task }: { agent: string; task: string }): Promise<Outcome> {
  const { world, frame, depth } = turn
  const agent = turn.agent.agents.includes(id) ? world.agent(id) : undefined
  if (!agent) return failWith(path, 'agent-unknown', `There is no agent ${id} that you may give work to.`, frame.labels)
  if (depth + 1 >= DEEPEST)
    return failWith(path, 'agent-too-deep', `Work is given on at most ${DEEPEST} agents deep. Do this yourself.`, frame.labels)
  if (world.halted()) return SUSPENDED
  world.note({ type: 'step-started', path })
  const given = readInput(agent, { say: task, review: turn.given.review })
  const outcome = await runTurn({ ...turn, agent, given, frame: asAgent(agent, world, { ...frame, path }), depth: depth + 1 })
  if (outcome.kind === 'value') await world.finish(path, outcome.value, outcome.labels)
  return outcome
}
