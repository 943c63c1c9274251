import type { GateRequest, ToolDescription } from '@life-os/contract'
import { writtenOf } from '../gate/index.ts'
import type { RunsContext } from './context.ts'
import type { StepRecord } from './record/fold.ts'
import type { LiveRun } from './live.ts'
import { valueOf } from './record/record.ts'

type Strays = NonNullable<GateRequest['strays']>

/** Kinds of needs through which a call's words leave this machine. */
const LEAVING = ['net', 'browser']
/** What tools that only look at the web need: everything else that was read may be the person's own. */
const OUTSIDE: ReadonlySet<string> = new Set([...LEAVING, 'model', 'secret.use'])
/** Of the kernel's own tools, those that bring nobody's words into a run. */
const WORDLESS: ReadonlySet<string> = new Set(['life-os.generate', 'life-os.find-tools', 'life-os.check-plan'])
const TURN_TOOL = 'life-os.turn'
/** An open page as a browser names it: nothing is sent by naming it. */
const OPEN_PAGE = /^https?:\/\/[^/?#]+\/?#page-\d+$/

/**
 * Whether a call of an agent that has words from outside in hand reads at an address that could carry words there: one that no person
 * named in the run's inputs, and that did not stand in what the web gave this run while nothing of the person's own was in hand.
 * Undefined: it does not.
 */
export async function straysOf(
  context: RunsContext,
  live: LiveRun,
  { tool, input }: { tool: ToolDescription; input: unknown },
): Promise<Strays | undefined> {
  const written = (kinds: readonly string[]): string[] => writtenOf(tool, input, kinds, () => context.deps.plugins.settingsOf(tool.plugin))
  const addresses = written(LEAVING).filter((address) => !OPEN_PAGE.test(address))
  if (addresses.length === 0) return undefined
  const named = namedIn(live)
  const saysMore = hasFree(input, tool.input, new Set(written(Object.keys(tool.needs))))
  const unnamed = saysMore ? addresses : addresses.filter((address) => !named.has(keyOf(address)))
  if (unnamed.length === 0) return undefined
  const files = await hasOwnWords(context, live)
  const address = files || saysMore ? unnamed[0] : await firstNotOffered(context, live, unnamed)
  if (address === undefined) return undefined
  return { address, beside: files ? 'files' : 'granted' }
}

/** Addresses that a person gave this run. What an agent gave a run of its own is nobody's word. */
function namedIn(live: LiveRun): Set<string> {
  if (live.actor.kind === 'agent') return new Set()
  const inputs: unknown = JSON.parse(live.row.inputs_json)
  return new Set(textsIn(inputs).flatMap((text) => (/^https?:\/\//i.test(text) ? keyOf(text) : [])))
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* strings(part)
}
const textsIn = (value: unknown): string[] => [...strings(value)]

/** An address as a site takes it: where it is on the page, the other doors of the site and a last stroke make no difference. */
function keyOf(address: string): string {
  const url = URL.parse(address)
  if (!url) return address
  const path = url.pathname.replace(/\/$/, '')
  return `${url.hostname.replace(/^www\./, '')}:${url.port}${path}${url.search}`
}

interface Shape {
  properties?: Record<string, Shape>
  items?: Shape
  enum?: unknown[]
  const?: unknown
}

/** Whether an input holds texts beside its resources and what the tool lets choose from: headers, a body, a query. */
function hasFree(value: unknown, shape: Shape | undefined, resources: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return !resources.has(value) && !(shape?.enum?.includes(value) ?? shape?.const === value)
  if (Array.isArray(value)) return value.some((item) => hasFree(item, shape?.items, resources))
  if (typeof value !== 'object' || value === null) return false
  const known = shape?.properties ?? {}
  return Object.entries(value).some(([name, part]) => !Object.hasOwn(known, name) || hasFree(part, known[name], resources))
}

/** Whether anything but the web was read in this run, or was said before it. A run that an agent started stands on all it had seen. */
async function hasOwnWords(context: RunsContext, live: LiveRun): Promise<boolean> {
  if (live.actor.kind === 'agent') return true
  for (const step of live.fold.steps.values()) {
    if (step.tool === null || step.tries === 0) continue
    if (step.tool === TURN_TOOL ? await saidBefore(context, step) : isOwn(context.toolbox.describe(step.tool))) return true
  }
  return false
}

function isOwn(tool: ToolDescription | undefined): boolean {
  if (!tool) return true
  if (tool.plugin === 'life-os') return !WORDLESS.has(tool.id)
  return Object.keys(tool.needs).some((kind) => !OUTSIDE.has(kind))
}

/** What was said earlier in a conversation, or is attached, may hold anything. */
async function saidBefore(context: RunsContext, { output }: StepRecord): Promise<boolean> {
  if (!output) return false
  const value = (await valueOf(context.deps.store.blobs, output)) as { history?: unknown[]; attachments?: unknown[] } | null // that tool's output
  return (value?.history?.length ?? 0) > 0 || (value?.attachments?.length ?? 0) > 0
}

/** The first that stands in nothing that the web gave this run. */
async function firstNotOffered(context: RunsContext, live: LiveRun, addresses: readonly string[]): Promise<string | undefined> {
  const open = new Set(addresses)
  for (const { tool: id, state, output } of live.fold.steps.values()) {
    const tool = id === null ? undefined : context.toolbox.describe(id)
    if (state !== 'done' || !output || !tool || !LEAVING.some((kind) => kind in tool.needs)) continue
    const value = await valueOf(context.deps.store.blobs, output)
    for (const address of open) if (offers(value, address)) open.delete(address)
    if (open.size === 0) return undefined
  }
  return [...open][0]
}

/** Whether an address stands whole in an answer, or is where a link of its HTML leads. */
function offers(value: unknown, address: string): boolean {
  const wanted = URL.parse(address)
  if (!wanted) return false
  wanted.hash = ''
  const [plain] = address.split('#', 1)
  const forms = new Set([plain ?? address, wanted.href])
  const base = (value as { url?: unknown } | null)?.url // tools that fetch say where the answer came from
  return textsIn(value).some(
    (text) => [...forms].some((form) => standsIn(text, form)) || (typeof base === 'string' && linksTo(text, base, wanted.href)),
  )
}

/** What may follow an address where it ends. */
const AFTER = /^(?:$|[\s"'<>()[\]{}|\\`#*]|[.,;:!?](?:$|[\s"'<>)]))/

function standsIn(text: string, form: string): boolean {
  for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1))
    if (AFTER.test(text.slice(at + form.length, at + form.length + 2))) return true
  return false
}

const LINK = /\b(?:href|src)\s*=\s*(?:"([^"<>]{1,4096})"|'([^'<>]{1,4096})')/gi

function linksTo(text: string, base: string, href: string): boolean {
  for (const [, double, single] of text.matchAll(LINK)) {
    const url = URL.parse((double ?? single ?? '').replaceAll('&amp;', '&'), base)
    if (!url) continue
    url.hash = ''
    if (url.href === href) return true
  }
  return false
}
