import { LifeOsError } from '@life-os/contract'
import type { Run } from '@life-os/contract'
import type { CallToolResult, InputRequiredResult, RequestStateCodec, ServerContext } from '@modelcontextprotocol/server'
import { idOf, literal } from './names.ts'
import { questionIn, result, settled, told } from './outcome.ts'
import { OWN } from './tools.ts'
import type { McpCaller } from './types.ts'
import { isYesOrNo, wordsOf } from './words.ts'

type Library = typeof import('@modelcontextprotocol/server')

/** Between two rounds of one call: which question of which run the person was shown. */
export interface Asked {
  /** Who was asked: nobody else may answer. */
  by: string
  run: string
  approval: string
  hash: string
}
export interface Round {
  library: Library
  codec: RequestStateCodec<Asked>
  caller: McpCaller
  /** The client can put a form to its person. */
  canAsk: boolean
  context: ServerContext
}

const ANSWER = 'answer'

/** One tool call of a client. Failures are results that its model can read. */
export async function callTool(round: Round, name: string, input: Record<string, unknown>): Promise<CallToolResult | InputRequiredResult> {
  try {
    const asked = round.context.mcpReq.requestState<Asked>()
    if (asked !== undefined && asked.by !== round.caller.id)
      throw new LifeOsError('approval-stale', 'This question was put to somebody else.', { applied: 'no' })
    return await (asked === undefined ? begin(round, name, input) : goOn(round, asked))
  } catch (error) {
    if (!(error instanceof LifeOsError)) throw error
    const { code, message, details } = error
    return { ...result({ error: { code, message, ...(details && { details }) } }), isError: true }
  }
}

async function begin(round: Round, name: string, input: Record<string, unknown>): Promise<CallToolResult | InputRequiredResult> {
  const { client } = round.caller
  switch (name) {
    case OWN.run:
      return follow(
        round,
        await client.runs.start({ plan: textIn(input, 'plan'), inputs: recordIn(input, 'inputs'), mode: 'draft', chosen: true }),
      )
    case OWN.status: {
      const run = await client.runs.get({ id: textIn(input, 'run') })
      return told(round.caller, run, await questionIn(round.caller, run))
    }
    case OWN.undo:
      return follow(round, (await client.runs.undoPreview({ id: textIn(input, 'run') })).run)
    case OWN.propose:
      return result({ ...(await client.planner.propose({ goal: textIn(input, 'goal') })) })
    case OWN.approve:
      if (!round.caller.scopes.has('approve')) throw mayNotApprove()
      return follow(
        round,
        await answer(
          round.caller,
          { approval: textIn(input, 'approval'), hash: textIn(input, 'hash') },
          textIn(input, 'answer') === 'approve',
        ),
      )
    default:
      return follow(round, await startCall(round.caller, idOf(name), input))
  }
}

/** A single call is a plan of one step. */
async function startCall({ client }: McpCaller, tool: string, input: Record<string, unknown>): Promise<Run> {
  const found = (await client.tools.list()).find(({ id }) => id === tool)
  if (!found) throw new LifeOsError('tool-unknown', `There is no tool ${tool}. List the tools again: one may have gone.`, { applied: 'no' })
  const plan = {
    id: 'mcp-call',
    name: found.title,
    version: '1.0.0',
    steps: [{ id: 'call', tool, input: literal(input) }],
    outputs: { answer: '${{ steps.call }}' },
  }
  return client.runs.start({ plan: plan as Parameters<typeof client.runs.start>[0]['plan'], mode: 'draft' }) // the server parses and checks every plan
}

/** Waits for a run, and where it asks what a yes or no answers, puts that to the client's person. */
async function follow(round: Round, started: Run): Promise<CallToolResult | InputRequiredResult> {
  const { caller, library, codec, canAsk, context } = round
  const run = await settled(caller, started.id, context.mcpReq.signal)
  const question = await questionIn(caller, run)
  if (!question || !canAsk || !caller.scopes.has('approve') || !isYesOrNo(question)) return told(caller, run, question)
  const { inputRequired } = library
  return inputRequired({
    inputRequests: {
      [ANSWER]: inputRequired.elicit({
        message: wordsOf(question),
        requestedSchema: {
          type: 'object',
          properties: { decision: { type: 'string', title: 'Shall it be done?', enum: ['approve', 'refuse'] } },
          required: ['decision'],
        },
      }),
    },
    requestState: await codec.mint({ by: caller.id, run: run.id, approval: question.approval, hash: question.hash }, context),
  })
}

/** The person answered, or closed the form: then the run goes on waiting. */
async function goOn(round: Round, asked: Asked): Promise<CallToolResult | InputRequiredResult> {
  const { caller, library, context } = round
  const given = library.inputResponse(context.mcpReq.inputResponses, ANSWER)
  if (given.kind !== 'elicit' || given.action === 'cancel') {
    const run = await caller.client.runs.get({ id: asked.run })
    return told(caller, run, await questionIn(caller, run))
  }
  return follow(round, await answer(caller, asked, given.action === 'accept' && given.content?.['decision'] === 'approve'))
}

/** Bound to what was shown: a question that changed meanwhile refuses the answer. */
function answer({ client }: McpCaller, { approval, hash }: Pick<Asked, 'approval' | 'hash'>, yes: boolean): Promise<Run> {
  return client.approvals.answer({ id: approval, hash, answer: yes ? 'approve' : 'refuse', final: yes })
}

/** Over stdio the client acts as the owner, whose own scopes refuse nothing. */
const mayNotApprove = () =>
  new LifeOsError('scope-missing', 'This client may not answer for the person. They answer in Life-OS, or start it with that scope.', {
    applied: 'no',
    details: { scope: 'approve' },
  })

function textIn(input: Record<string, unknown>, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value !== '') return value
  throw new LifeOsError('input-invalid', `This tool needs ${name} as text.`, { class: 'user', applied: 'no' })
}

function recordIn(input: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = input[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
