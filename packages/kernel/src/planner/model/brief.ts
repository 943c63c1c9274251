import type { Plan, ToolDescription } from '@life-os/contract'

/** Characters of schemas that a model is told at once; what does not fit it can look for. */
const MOST_SCHEMAS = 24_000
/** About so many characters are a token of plain English and JSON. */
const PER_TOKEN = 3
/** What of a model's context tools may take: the rest is for the instructions, the goal, what it looks up and what it answers. */
const SHARE = 0.4

/** Characters that there is room for to tell a model of tools. `context`: its tokens; null where nobody knows. */
export const roomFor = (context: number | null): number =>
  context === null ? MOST_SCHEMAS : Math.min(MOST_SCHEMAS, Math.floor(context * PER_TOKEN * SHARE))
const MOST_PLANS = 12

/** What the planner is told of a goal: the words, the places in them, and what is at hand. */
export function briefOf(
  goal: string,
  about: { places: readonly string[]; plans: readonly Plan[]; tools: readonly ToolDescription[]; room?: number; more?: string },
): string {
  const places =
    about.places.length > 0 ? about.places.map((place) => `- ${place}`).join('\n') : 'None. A path that is needed must be asked for.'
  const plans = about.plans.slice(0, MOST_PLANS).map(planLine).join('\n')
  return [
    `The person wants:\n<<<\n${goal}\n>>>`,
    `Places that they speak of:\n${places}`,
    ...(plans === '' ? [] : [`Stored plans:\n${plans}`]),
    `Tools that may serve (more with life-os.find-tools):\n${toolLines(about.tools, about.room ?? MOST_SCHEMAS)}`,
    ...(about.more === undefined ? [] : [about.more]),
  ].join('\n\n')
}

const planLine = ({ id, name, inputs }: Plan): string =>
  `- ${id}: ${name}. Inputs: ${Object.entries(inputs)
    .map(
      ([input, { type, default: otherwise, optional }]) =>
        `${input} (${type}${otherwise !== undefined || optional ? ', may be left out' : ''})`,
    )
    .join(', ')}`

/** The best first, as many as fit; what is too long for what is left is passed over for what is not. */
function toolLines(tools: readonly ToolDescription[], room: number): string {
  const lines: string[] = []
  let left = room
  for (const { id, title, description, input, output, effect } of tools) {
    const line = `- ${id} (${effect}): ${title}. ${description}\n  input: ${slim(input)}\n  output: ${slim(output)}`
    if (line.length > left) continue
    left -= line.length
    lines.push(line)
  }
  return lines.join('\n')
}

/** A schema without what a model needs not read. */
const slim = (schema: unknown): string =>
  JSON.stringify(schema, (key, value: unknown) =>
    key === '$schema' ||
    key === 'pattern' ||
    key === 'maxLength' ||
    (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) ||
    (key === 'minimum' && value === Number.MIN_SAFE_INTEGER)
      ? undefined
      : value,
  )
