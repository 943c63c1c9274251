import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { LifeOsError } from '@life-os/contract'
import type { McpServerConfig } from '@life-os/contract'
import type { ElicitRequest, ElicitResult } from '@modelcontextprotocol/client'
import { RECORDING_ENDED } from '../host/index.ts'
import type { AsksDeps, Flight } from './flight.ts'
import { placeOf } from './describe.ts'
import { formOf } from './elicit-form.ts'
import type { CallQuestion } from './types.ts'
import { oneLine } from './words.ts'

/**
 * A server asks the person in the middle of a call: see docs/decisions/0016-mcp.md. What was answered before is told at once.
 * Else the call ends: of the newer protocol by throwing, since nothing was done by then; of the older one the server is told that
 * the question was closed, and ends its call in its own way. The call is made again once the person answered.
 */
export async function elicit(deps: AsksDeps, params: ElicitRequest['params']): Promise<ElicitResult> {
  const flight = deps.inFlight()
  if (!flight) return refuse(deps, null, params.message, 'it asked without a single call of ours under way')
  if (params.mode === 'url') return refuse(deps, flight, params.message, 'it would send the person to an address')
  const form = formOf(params)
  if ('refused' in form) return refuse(deps, flight, params.message, form.refused)
  if (flight.asking) return { action: 'cancel' } // the call ends for an earlier question
  const question = questionOf(deps.config, flight, form)
  const answered = flight.call.ask ? await answerOf(deps, flight, question) : null
  if (answered) return answered
  flight.asking = true
  deps.note(`asked the person: ${oneLine(params.message, 300)}`)
  if (deps.endsByItself()) throw unanswered(flight, deps.config, 'no')
  flight.closed?.()
  return { action: 'cancel' }
}

async function answerOf(deps: AsksDeps, flight: Flight, question: CallQuestion): Promise<ElicitResult | null> {
  const given = await flight.call.ask?.(question).catch((error: unknown) => {
    if (!(error instanceof LifeOsError) || error.code !== 'questions-too-many') throw error
    return refuse(deps, flight, question.message, error.message)
  })
  if (!given || 'action' in given) return given ?? null
  if (given.answer === 'done') return { action: 'accept', content: given.output as NonNullable<ElicitResult['content']> } // fits the form, see answers.ts
  return { action: given.answer === 'refused' ? 'decline' : 'cancel' }
}

/** What the run waits for: nothing is wrong. A preview asks nobody, and says what it then cannot know. */
export function unanswered({ call }: Flight, { name }: McpServerConfig, applied: 'no' | 'unknown'): LifeOsError {
  if (call.phase === 'preview')
    return new LifeOsError(RECORDING_ENDED, 'What the server answers is known only after it was told what it asks.')
  const message = `The MCP server ${oneLine(name, 60)} asks you something. The call is made again with your answer.`
  return new LifeOsError('input-needed', message, { class: 'operational', applied })
}

function refuse({ note }: AsksDeps, flight: Flight | null, asked: string, why: string): { action: 'decline' } {
  note(`asked the person: ${oneLine(asked, 300)} (declined: ${why})`)
  const message = `The server asked: ${oneLine(asked, 500)} It was declined: ${why}.`
  flight?.call.onProgress?.({ type: 'log', data: { level: 'warn', message } })
  return { action: 'decline' }
}

/** The same words and fields are the same question, the nth time in a call each by itself. */
function questionOf(
  config: McpServerConfig,
  flight: Flight,
  { message, schema }: { message: string; schema: CallQuestion['output'] },
): CallQuestion {
  const digest = hash('sha256', canonicalize({ message, schema }) ?? '').slice(0, 16)
  const times = (flight.asked.get(digest) ?? 0) + 1
  flight.asked.set(digest, times)
  const { transport } = config
  const place = transport.kind === 'http' ? placeOf(transport.url) : transport.network.length > 0 ? transport.network.join(', ') : null
  const name = oneLine(config.name, 60)
  const goes = place === null ? 'It runs on this machine, in a box without network.' : `Your answer leaves this machine: ${place}.`
  return {
    key: `${digest}-${times}`,
    title: `The MCP server ${name} asks you`,
    message: `“${message}”\n\nThese are the server’s own words; do not tell it secrets. ${goes} The call was ended and is made again from its beginning with your answer.`,
    server: { name, place },
    output: schema,
  }
}
