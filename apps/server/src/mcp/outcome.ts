import type { Run } from '@life-os/contract'
import type { CallToolResult } from '@modelcontextprotocol/server'
import type { McpCaller } from './types.ts'
import { questionOf } from './words.ts'
import type { Question } from './words.ts'

const GOING = new Set<Run['state']>(['previewing', 'queued', 'running'])
/** Milliseconds between two looks at a run, at first and at most. */
const LOOK = { first: 20, most: 500 }
const CHARACTERS = 200_000

/** Waits until a run no longer goes on by itself, or nobody waits for it any more. */
export async function settled({ client }: McpCaller, id: string, signal: AbortSignal): Promise<Run> {
  for (let wait = LOOK.first; ; wait = Math.min(wait * 1.5, LOOK.most)) {
    const run = await client.runs.get({ id })
    if (!GOING.has(run.state) || signal.aborted) return run
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

/** What a run waits for; null when it waits for no person. */
export async function questionIn({ client, showsPrivate }: McpCaller, run: Run): Promise<Question | null> {
  if (run.state !== 'waiting' || run.approval === null) return null
  const approval = await client.approvals.get({ id: run.approval })
  const isPrivate = [approval.labels, run.labels, ...(approval.preview?.changes ?? []).map(({ labels }) => labels)].some((labels) =>
    labels.includes('private'),
  )
  return questionOf(approval, isPrivate && !showsPrivate)
}

/** A failure as a client is told of it: its words may hold what was read. */
export const failureOf = ({ showsPrivate }: McpCaller, { labels, error }: Pick<Run, 'labels' | 'error'>): Run['error'] =>
  error && labels.includes('private') && !showsPrivate
    ? { code: error.code, class: error.class, message: 'What failed here is private. Read it in Life-OS.' }
    : error

/** A run as a client is told of it. */
export async function told(caller: McpCaller, run: Run, question: Question | null): Promise<CallToolResult> {
  const at = caller.address === null ? {} : { url: `${caller.address}/runs/${run.id}` }
  const facts = { state: run.state, run: run.id, labels: run.labels, ...at }
  if (question) return result({ ...facts, question, next: NEXT(at.url) })
  if (run.state !== 'done') return { ...result({ ...facts, error: failureOf(caller, run) }), isError: run.state === 'failed' }
  if (run.labels.includes('private') && !caller.showsPrivate)
    return result({
      ...facts,
      withheld: 'The result is private and this client was not named as a place it may go to. Read it in Life-OS.',
    })
  const { outputs } = await caller.client.runs.outputs({ id: run.id })
  return result({ ...facts, effects: run.progress.effects, output: outputs && 'answer' in outputs ? outputs['answer'] : outputs })
}
const NEXT = (url: string | undefined) =>
  `A person answers this first${url === undefined ? '' : ` at ${url}`}. Ask ${'life-os_status'} afterwards.`

/** Both as text, which every client shows a model, and as data. */
export function result(value: Record<string, unknown>): CallToolResult {
  const text = JSON.stringify(value, null, 1)
  if (text.length <= CHARACTERS) return { content: [{ type: 'text', text }], structuredContent: value }
  return { content: [{ type: 'text', text: `${text.slice(0, CHARACTERS)}… (cut: ${text.length} characters. The whole is in Life-OS.)` }] }
}
