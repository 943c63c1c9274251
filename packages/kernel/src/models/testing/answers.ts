import type { TokenUsage } from '@life-os/contract'
import type { Script, Scripted, WireAnswer, WireRequest } from './types.ts'

/** An answer with everything filled in, as the formats write it. */
export interface FullAnswer {
  pieces: string[]
  reasoning: string | undefined
  calls: { id: string; name: string; json: string }[]
  finish: 'stop' | 'length' | 'filter' | 'tool-calls'
  usage: TokenUsage | null
}

/** What the script says to the nth request for text. */
export async function scripted(script: Script | undefined, request: WireRequest, index: number): Promise<WireAnswer> {
  const answer = await chosen(script ?? '', request, index)
  return typeof answer === 'string' ? { text: answer } : answer
}

async function chosen(script: Script, request: WireRequest, index: number): Promise<Scripted> {
  if (typeof script === 'function') return await script(request, index)
  if (!isList(script)) return script
  return script[index] ?? { status: 500, message: `The script has ${script.length} answers and this is request ${index + 1}.` }
}

function isList(script: Script): script is readonly Scripted[] {
  return Array.isArray(script)
}

export function fullAnswer(answer: WireAnswer, request: WireRequest, index: number): FullAnswer {
  const text = answer.object === undefined ? (answer.text ?? '') : JSON.stringify(answer.object)
  const pieces = answer.pieces ? [...answer.pieces] : (text.match(/\S+\s*|\s+/g) ?? [])
  const calls = (answer.calls ?? []).map((call, place) => ({
    id: call.id ?? `call_${index}_${place}`,
    name: request.tools.find((tool) => tool.id === call.tool)?.name ?? call.tool,
    json: call.raw ?? JSON.stringify(call.input ?? {}),
  }))
  const finish = answer.finish ?? (calls.length > 0 ? 'tool-calls' : 'stop')
  const counted = { input: words(request), output: pieces.length + 8 * calls.length, cached: 0, reasoning: 0 }
  return { pieces, reasoning: answer.reasoning, calls, finish, usage: answer.usage === null ? null : { ...counted, ...answer.usage } }
}

function words(request: WireRequest): number {
  return request.messages.reduce((sum, message) => sum + (message.text.match(/\S+/g)?.length ?? 0), 0)
}
