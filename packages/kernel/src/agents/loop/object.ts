import type { GenerateAnswer, JsonSchema } from '@life-os/contract'
import { childPath, failWith, itemPath, type Outcome } from '../../runs/index.ts'
import { faultsOf } from '../../schemas/index.ts'
import { answerIn, askModel } from './ask-model.ts'
import { modelSaid, userSays } from './messages.ts'
import { saw, type Talk } from './talk.ts'

const REPAIRS = 2 // the first asks for the shape, the second for what did not fit

/** The final output in the shape that was asked for. The model mends what does not fit, once. */
export async function objectOf(
  talk: Talk,
  schema: JsonSchema,
  first: GenerateAnswer,
  asked: number,
): Promise<{ object: unknown; rounds: number } | { ended: Outcome }> {
  const { turn, messages } = talk
  messages.push(modelSaid(first))
  let rounds = asked
  let { object, faults } = readIn(first, schema)
  for (let repair = 0; faults.length > 0; repair += 1) {
    if (repair === REPAIRS) return { ended: invalid(talk, faults.join('; ')) }
    messages.push(userSays(`Give the final answer as one JSON value that fits the schema. ${faults.join('; ')}`))
    const round = itemPath(childPath(turn.frame.path, 'turn'), rounds)
    const said = await askModel(turn, round, { messages, own: talk.own, tools: [], toolChoice: 'none', schema })
    rounds += 1
    if (said.kind === 'failed' && said.error.code === 'model-invalid') {
      // what the model wrote is not kept by a failed call; its faults are enough to mend it
      faults = [said.error.message]
      continue
    }
    if (said.kind !== 'value') return { ended: said }
    saw(talk, said.labels)
    messages.push(modelSaid(answerIn(said)))
    ;({ object, faults } = readIn(answerIn(said), schema))
  }
  return { object, rounds }
}

function readIn(answer: GenerateAnswer, schema: JsonSchema): { object: unknown; faults: string[] } {
  const object = answer.object ?? jsonIn(answer.text)
  return { object, faults: object === undefined ? ['That was no JSON.'] : faultsOf(schema, object) }
}

function invalid({ turn }: Talk, why: string): Outcome {
  const message = `${turn.agent.name} did not give its answer in the shape that was asked for: ${why}. Try again, or with another model.`
  return failWith(turn.frame.path, 'output-invalid', message, turn.frame.labels)
}

/** JSON that a text consists of, bare or in one fence; undefined where there is none. */
export function jsonIn(text: string): unknown {
  const bare = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text
  try {
    return JSON.parse(bare) as unknown
  } catch {
    return undefined
  }
}
