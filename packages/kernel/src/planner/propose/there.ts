import type { MissingInput, Plan, Proposal, Step, ToolDescription } from '@life-os/contract'
import type { CheckContext } from '../../plans/index.ts'
import { notThere, told } from '../intents/near-place.ts'
import type { Places } from '../places.ts'

/** Plans inside plans are looked into so deep. */
const MOST_DEEP = 4

/** Inputs of which something must be there before the plan can do anything: what its first sure steps read or work in. */
export function neededPlaces(plan: Plan, context: Pick<CheckContext, 'tool' | 'plan'>, deep = 0): Set<string> {
  const found = new Set<string>()
  const look = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if (step.when !== undefined) continue // it may never be asked for
      if ('group' in step) look(step.group)
      const fields = 'tool' in step ? fieldsThere(context.tool(step.tool)) : 'plan' in step ? inner(step.plan) : []
      const input = 'input' in step && typeof step.input === 'object' ? step.input : {}
      for (const field of fields) {
        const name = /^\$\{\{\s*inputs\.(\w+)\s*\}\}$/.exec(String(input[field] ?? ''))?.[1]
        if (name !== undefined) found.add(name)
      }
    }
  }
  const inner = (id: string): Iterable<string> => {
    const called = deep < MOST_DEEP ? context.plan(id) : undefined
    return called ? neededPlaces(called, context, deep + 1) : []
  }
  look(plan.steps)
  return found
}

/**
 * Fields of a tool that name what must be there, told from what it needs: what it reads, what it takes from, the folder that a command
 * works in. What a tool makes or fills is not among them, nor what it only looks for: such a one tells whether it `exists`.
 */
function fieldsThere(tool: ToolDescription | undefined): string[] {
  if (!tool) return []
  const { 'fs.read': reads = [], 'fs.write': writes = [], exec, net } = tool.needs
  const looks = Object.hasOwn((tool.output['properties'] as object | undefined) ?? {}, 'exists') // a JSON Schema's properties are a map
  const worksIn = exec !== undefined && net === undefined ? writes : []
  const takes = writes.filter((field) => field === 'from' || (field === 'path' && /^(remove|rename)\b/i.test(tool.title)))
  return [...(looks ? [] : reads), ...worksIn, ...takes].filter((field) => /^\w+$/.test(field))
}

/** A plan's inputs as far as they lead somewhere. */
export interface Looked {
  inputs: Record<string, unknown>
  /** What must be there and is not, with what may be meant. */
  missing: MissingInput[]
  notices: Proposal['notices']
}

/** Looks whether the places that were named are there, so that a slip of the hand is told before anything is previewed. */
export async function lookAtPlaces(
  plan: Plan,
  given: Readonly<Record<string, unknown>>,
  context: Pick<CheckContext, 'tool' | 'plan'>,
  places: Places,
): Promise<Looked> {
  const needed = neededPlaces(plan, context)
  const looked: Looked = { inputs: { ...given }, missing: [], notices: [] }
  for (const [name, input] of Object.entries(plan.inputs)) {
    const path = given[name]
    if ((input.type !== 'path' && input.type !== 'file') || typeof path !== 'string' || !path.startsWith('/')) continue
    if ((await places.kind(path)) !== null) continue
    const kind = input.type === 'file' ? 'file' : isFileLike(path) ? null : 'folder'
    const { why, near } = await notThere(path, kind, places)
    if (input.type === 'file' || needed.has(name)) {
      const { [name]: _absent, ...rest } = looked.inputs
      looked.inputs = rest
      looked.missing.push({ name, question: near === null ? `${why} ${input.title ?? name}?` : why, input, ...(near !== null && { near }) })
    } else {
      const text = near === null ? `There is nothing at ${told(path, places)} yet.` : why
      looked.notices.push({ code: 'place-not-there', text })
    }
  }
  return looked
}

const isFileLike = (path: string): boolean => /\.[a-z0-9]{1,5}$/i.test(path)
