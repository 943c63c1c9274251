import type { ToolNames } from '../names.ts'
import { readLoose } from './loose-json.ts'

export interface TextCalls {
  /** What was said before the calls. */
  text: string
  calls: { tool: string; input: unknown }[]
}

/** What opens a call in text: Hermes and Qwen, Llama, Mistral, fences of JSON. */
const OPENINGS = /<tool_calls?>|<function_calls?>|<function=([\w.:/-]+)>|<\|python_tag\|>|<\|tool_call\|>|\[TOOL_CALLS\]|```[a-zA-Z_]*/g
/** What may stand between calls and after the last one. */
const CLOSINGS = /^(?:\s|<\/(?:tool_calls?|function_calls?|function)>|```|<\|eo[tm]_id\|>|<\|im_end\|>|;|,)*/

/**
 * Calls that a small model wrote into its text instead of making them. A call counts only where all of this holds, since
 * the text may repeat what a hostile page or file says:
 * - it names a tool that was offered, and its arguments are an object;
 * - nothing is said after it: a call that is quoted and talked about stays text;
 * - it does not stand in what the model was given (`heard`): an echo is no decision.
 * Null where there is none.
 */
export function callsInText(text: string, names: ToolNames, heard: readonly string[]): TextCalls | null {
  for (const start of startsOf(text)) {
    const calls = callsFrom(text, start, names)
    if (calls === null || calls.length === 0) continue
    if (isEcho(text.slice(start.json), heard)) return null
    return { text: text.slice(0, start.at).trimEnd(), calls }
  }
  return null
}

interface Start {
  /** Where the call begins, with its tag. */
  at: number
  json: number
  /** `<function=name>{…}`: the JSON is its arguments. */
  name?: string | undefined
}
function startsOf(text: string): Start[] {
  const bare = /^\s*(?=[{[])/.exec(text)
  const tagged = [...text.matchAll(OPENINGS)]
    .slice(0, 24)
    .map((found) => ({ at: found.index, json: found.index + found[0].length, name: found[1] }))
  return bare ? [{ at: 0, json: bare[0].length }, ...tagged] : tagged
}

/** All calls from a start to the end of the text; null where something else stands there. */
function callsFrom(text: string, start: Start, names: ToolNames): TextCalls['calls'] | null {
  const calls: TextCalls['calls'] = []
  let { json: at, name } = start
  while (at < text.length) {
    const found = readLoose(text, at)
    if (!found) return null
    const read = name === undefined ? callsOf(found.value, names) : named(name, found.value, names)
    if (read === null) return null
    calls.push(...read)
    const rest = text.slice(found.end)
    at = found.end + (CLOSINGS.exec(rest)?.[0].length ?? 0)
    OPENINGS.lastIndex = at
    const opening = OPENINGS.exec(text)
    if (opening?.index !== at) {
      name = undefined
      continue
    }
    at += opening[0].length
    name = opening[1]
  }
  return calls
}

function callsOf(value: unknown, names: ToolNames): TextCalls['calls'] | null {
  if (Array.isArray(value)) {
    const each = value.map((entry) => callsOf(entry, names))
    return each.some((entry) => entry === null) ? null : each.flatMap((entry) => entry ?? [])
  }
  const call = fields(value)
  if (call === null) return null
  if (call['tool_calls'] !== undefined) return callsOf(call['tool_calls'], names)
  const inner = fields(call['function'] ?? call['function_call'])
  if (inner) return callsOf(inner, names)
  const name = [call['name'], call['tool'], call['tool_name'], call['function']].find((entry) => typeof entry === 'string')
  const input = call['arguments'] ?? call['parameters'] ?? call['args'] ?? call['input'] ?? call['tool_input']
  return typeof name === 'string' && input !== undefined ? named(name, input, names) : null
}

function named(name: string, input: unknown, names: ToolNames): TextCalls['calls'] | null {
  const tool = names.offered(name)
  const value = typeof input === 'string' ? readLoose(input)?.value : input
  return tool !== undefined && fields(value) ? [{ tool, input: value }] : null
}
function fields(value: unknown): Record<string, unknown> | null {
  // A cast, because an object that is no list is a record.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
}

/** Blanks and the tags around do not make an echo something new. */
function isEcho(written: string, heard: readonly string[]): boolean {
  const core = squeezed(written.replace(/(?:<\/?[\w|=:./-]+>|```)/g, ''))
  return heard.some((entry) => squeezed(entry).includes(core))
}
function squeezed(text: string): string {
  return text.replace(/\\(["'\\/])/g, '$1').replace(/\s+/g, '')
}
