import type { AnswerPart, ErrorShape, RunState } from '@life-os/contract'
import type { StepRecord } from '../../runs/index.ts'
import { ANSWER } from '../turn/plan.ts'
import type { AnswerFold } from './fold.ts'
import { shorten } from './shorten.ts'

/** What was asked in a run, as its approvals say. */
export interface Asked {
  id: string
  step: string
  kind: string
  state: string
  message: string
  subject: { tool: string | null; input: unknown } | null
}
/** A run that a step of the answer started. */
export interface Child {
  id: string
  step: string
  name: string
  state: RunState
  approval: string | null
}

/** Everything beside the journal that parts are made from. */
export interface Surroundings {
  /** Output of a finished step. */
  output(path: string): unknown
  input(path: string): unknown
  asked: readonly Asked[]
  children: readonly Child[]
  /** Text that has come of model calls that are not finished, by step. */
  partial: ReadonlyMap<string, string>
  titleOf(tool: string): string
  /** The run goes on, so that what has no end yet is still being done. */
  going: boolean
}

/** One place of an answer: a model's turn, or one of the calls that it asked for. */
interface Slot {
  path: string
  own: StepRecord | undefined
  /** The slot's own step and all below it. */
  steps: StepRecord[]
}

/** What the loop keeps of rules that stood in for a model. */
const RULES = `${ANSWER}.rules`
const SLOT = new RegExp(String.raw`^${ANSWER}\.turn\[(\d+)\]\.(?:(model)|call\[(\d+)\])`)
const within = (path: string, slot: string): boolean => path === slot || path.startsWith(`${slot}.`) || path.startsWith(`${slot}[`)

/** The parts of an answer in their order. Pure: the same journal and surroundings give the same parts. */
export function partsOf(fold: AnswerFold, around: Surroundings): AnswerPart[] {
  const slots = slotsOf(fold, around)
  const parts = slots.flatMap((slot) => (slot.path.endsWith('.model') ? textOf(slot, around) : callOf(fold, slot, around)))
  const told = fold.run.steps.get(ANSWER)?.state === 'done' ? withLastWord(parts, around) : [...ruled(around), ...parts]
  return [...told, ...noticesOf(fold)]
}

function slotsOf({ run }: AnswerFold, { asked, children, partial }: Surroundings): Slot[] {
  const places = [...run.steps.keys(), ...asked.map(({ step }) => step), ...children.map(({ step }) => step), ...partial.keys()]
  const found = new Map<string, readonly [turn: number, call: number]>()
  for (const place of places) {
    const match = SLOT.exec(place)
    if (match) found.set(match[0], [Number(match[1]), match[2] ? -1 : Number(match[3])])
  }
  const ordered = [...found].toSorted(([, [turnA, callA]], [, [turnB, callB]]) => turnA - turnB || callA - callB)
  return ordered.map(([path]) => ({
    path,
    own: run.steps.get(path),
    steps: [...run.steps.values()].filter((step) => within(step.path, path)),
  }))
}

function textOf({ path, own }: Slot, { output, partial, going }: Surroundings): AnswerPart[] {
  const isDone = own?.state === 'done'
  const answer = isDone ? output(path) : null
  const text = isDone ? wordsIn(answer) : (partial.get(path) ?? '')
  return text.trim() === '' ? [] : [{ type: 'text', step: path, text, open: !isDone && going }]
}

function callOf(fold: AnswerFold, slot: Slot, around: Surroundings): AnswerPart[] {
  const { output, asked, children } = around
  const here = asked.filter(({ step }) => within(step, slot.path))
  const questions = here
    .filter(({ kind }) => kind === 'question')
    .map((one): AnswerPart => ({
      type: 'question',
      step: one.step,
      approval: one.id,
      text: one.message,
      answer: answerWords(one, output(one.step)),
    }))
  const plans = children
    .filter(({ step }) => within(step, slot.path))
    .map(({ id, step, name, state, approval }): AnswerPart => ({ type: 'plan', step, run: id, name, state, approval }))
  const isOnlyAsked = questions.length + plans.length > 0 && !slot.own?.tool
  return [...(isOnlyAsked ? [] : [toolOf(fold, slot, here, around)]), ...questions, ...plans]
}

function toolOf(fold: AnswerFold, slot: Slot, approvals: readonly Asked[], around: Surroundings): AnswerPart {
  const { path, own, steps } = slot
  const waiting = approvals.findLast(({ state }) => state === 'waiting')
  const subject = approvals.findLast((one) => one.subject?.tool)?.subject
  const asked = askedFor(path, around)
  const tool = own?.tool ?? subject?.tool ?? asked?.tool ?? steps.find((step) => step.tool)?.tool ?? 'unknown'
  const failed = own?.error ?? steps.findLast((step) => step.error)?.error ?? null
  const cost = costBelow(fold, path)
  return {
    type: 'tool',
    step: path,
    tool,
    title: around.titleOf(tool),
    state: stateOf(slot, waiting !== undefined, failed, around.going),
    input: shorten(around.input(path) ?? subject?.input ?? asked?.input ?? null),
    output: own?.state === 'done' ? shorten(around.output(path)) : null,
    error: own?.state === 'done' ? null : failed,
    approval: waiting && waiting.kind !== 'question' ? waiting.id : null, // a question is a part of its own
    time: own?.startedAt && own.finishedAt ? own.finishedAt - own.startedAt : null,
    tokens: cost.tokens,
    micros: cost.micros,
  }
}

/** The call as the model asked for it: all there is of one that was not made. */
function askedFor(path: string, { output }: Surroundings): { tool: string; input: unknown } | null {
  const [, turn, , index] = SLOT.exec(path) ?? []
  const said = output(`${ANSWER}.turn[${turn}].model`)
  const calls = typeof said === 'object' && said !== null && 'calls' in said && Array.isArray(said.calls) ? said.calls : []
  return (calls as { tool: string; input: unknown }[])[Number(index)] ?? null // a GenerateAnswer's
}

type ToolState = Extract<AnswerPart, { type: 'tool' }>['state']

function stateOf({ own, steps }: Slot, waits: boolean, failed: ErrorShape | null, going: boolean): ToolState {
  if (waits && own?.state !== 'uncertain') return 'waiting'
  switch (own?.state) {
    case 'done':
      return 'done'
    case 'skipped':
      return 'skipped'
    case 'failed':
    case 'continued':
      return 'failed'
    case 'uncertain':
      return 'uncertain'
    case 'waiting':
      return going ? 'waiting' : 'skipped'
    default:
      if (failed && steps.every(({ state }) => state !== 'running')) return 'failed'
      return going ? 'running' : 'skipped' // what was cut off and will not go on
  }
}

function costBelow({ costs }: AnswerFold, path: string): { tokens: number; micros: number } {
  const sum = { tokens: 0, micros: 0 }
  for (const [step, cost] of costs)
    if (within(step, path)) {
      sum.tokens += cost.tokens
      sum.micros += cost.micros
    }
  return sum
}

/**
 * The step's own word is the last: it stands for the text of the turn that it came from, since what it points to was verified,
 * and alone where rules answered without a model, or where the output has a shape.
 */
function withLastWord(parts: AnswerPart[], { output }: Surroundings): AnswerPart[] {
  const text = wordsIn(output(ANSWER))
  if (text.trim() === '') return parts
  const last = parts.at(-1)
  const before = last?.type === 'text' ? parts.slice(0, -1) : parts
  return [...before, { type: 'text', step: last?.type === 'text' ? last.step : ANSWER, text, open: false }]
}

/** What rules said where no model answers, while what they started goes on. */
function ruled({ output }: Surroundings): AnswerPart[] {
  const text = wordsIn(output(RULES))
  return text.trim() === '' ? [] : [{ type: 'text', step: RULES, text, open: false }]
}

function noticesOf({ notices }: AnswerFold): AnswerPart[] {
  const once = new Map(notices.filter(({ at }) => within(at, ANSWER)).map((one) => [`${one.code} ${one.message}`, one]))
  return [...once.values()].map(({ code, message }) => ({ type: 'notice', code, text: message }))
}

/** Text itself, the field `text` of a record, and anything else as JSON. */
export function wordsIn(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object' && 'text' in value && typeof value.text === 'string') {
    const hasShape = value.text.trim() === '' && 'object' in value && value.object !== undefined && value.object !== null
    return hasShape ? jsonBlock(value.object) : value.text
  }
  return jsonBlock(value)
}

const jsonBlock = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``

function answerWords({ state }: Asked, given: unknown): string | null {
  if (state === 'waiting') return null
  if (typeof given !== 'object' || given === null || !('answer' in given)) return state
  const { answer, output, reason } = given as { answer: string; output?: unknown; reason?: string | null } // what runs keep of a question
  if (answer === 'done') return formWords(output) ?? wordsIn(output)
  return reason ? `${answer}: ${reason}` : answer
}

/** A filled-in form as a line; null: it is none. */
function formWords(output: unknown): string | null {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return null
  const fields = Object.entries(output).map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
  return fields.join(' · ') || 'yes'
}
