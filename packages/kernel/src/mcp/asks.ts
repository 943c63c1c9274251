import { pathToFileURL } from 'node:url'
import { LifeOsError } from '@life-os/contract'
import type { Client, CreateMessageRequest, CreateMessageResult } from '@modelcontextprotocol/client'
import { elicit } from './elicit.ts'
import { messageOf } from './faults.ts'
import type { AsksDeps, Flight } from './flight.ts'
import { oneLine } from './words.ts'

/** Of one answer for a server. */
const TOKENS = 4096
const WORDS = 200_000 // characters of one message
export const MODEL_NEEDS = [{ kind: 'model', resource: 'text' }]

/** What a server may ask of us: its folders, an answer of a model, and something of a person. */
export function serveAsks(client: Client, deps: AsksDeps): void {
  const { transport } = deps.config
  client.setRequestHandler('roots/list', async () => ({
    roots: transport.kind === 'stdio' ? transport.mounts.map(({ path }) => ({ uri: pathToFileURL(path).href, name: path })) : [],
  }))
  client.setRequestHandler('elicitation/create', async ({ params }) => elicit(deps, params))
  client.setRequestHandler('sampling/createMessage', async ({ params }) => sample(deps, params))
}

/** Through the host's own service: permission, labels, budget and the usage record are those of the call under way. */
async function sample(deps: AsksDeps, params: CreateMessageRequest['params']): Promise<CreateMessageResult> {
  const flight = deps.inFlight()
  if (!flight) {
    deps.note('asked for a model without a single call of ours under way (refused)')
    throw new Error('Life-OS answers this only during a single call of its own.')
  }
  await permit(deps, flight)
  const { services, signal } = flight.call
  try {
    const request = { messages: turnsOf(params), maxTokens: Math.min(params.maxTokens, TOKENS) }
    const answer = (await services.handle('models.generate', [request], signal)) as { text: string; model: string; finish: string } // see HostModels
    deps.note(`${answer.model} answered for it`)
    const stopReason = answer.finish === 'length' ? 'maxTokens' : 'endTurn'
    return { model: answer.model, role: 'assistant', content: { type: 'text', text: answer.text }, stopReason }
  } catch (error) {
    deps.note(`asked for a model: ${oneLine(messageOf(error), 300)}`)
    throw new Error(error instanceof LifeOsError ? `No model answered (${error.code}).` : 'No model answered.', { cause: error })
  }
}

/** A call that only reads is ended and made again once a person allowed the model; any other must have been asked for before. */
async function permit(deps: AsksDeps, { call, mayAsk, reads }: Flight): Promise<void> {
  if (mayAsk) return
  deps.wantsModel()
  if (reads) return void (await call.services.handle('gate.request', [MODEL_NEEDS], call.signal))
  deps.note('asked for a model, which nobody has allowed it (refused; the next call asks you first)')
  throw new Error('Nobody has allowed this server a model. The person is asked before the next call.')
}

/** The server's own instructions are data like the rest: they never become instructions of ours. */
function turnsOf({ systemPrompt, messages }: CreateMessageRequest['params']): { role: 'user' | 'assistant'; text: string }[] {
  const context =
    systemPrompt === undefined
      ? []
      : [{ role: 'user' as const, text: `The tool server gives this context: ${systemPrompt}`.slice(0, WORDS) }]
  const asked = messages.slice(-100).flatMap(({ role, content }) =>
    (Array.isArray(content) ? content : [content]).map((part) => {
      if (part.type !== 'text') throw new Error('Only text is passed on to a model.')
      return { role, text: part.text.slice(0, WORDS) }
    }),
  )
  return [...context, ...asked]
}
