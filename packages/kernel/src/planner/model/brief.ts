import type { Plan, ToolDescription } from '@life-os/contract'

/** Characters of schemas that a model is told at once; what does not fit it can look for. */
const MOST_SCHEMAS = 24_000
const MOST_PLANS = 12

/** What the planner is told of a goal: the words, the places in them, and what is at hand. */
export function briefOf(
  goal: string,
  about: { places: readonly string[]; plans: readonly Plan[]; tools: readonly ToolDescription[]; more?: string },
): string {
  const places =
    about.places.length > 0 ? about.places.map((place) => `- ${place}`).join('\n') : 'None. A path that is needed must be asked for.'
  const plans = about.plans.slice(0, MOST_PLANS).map(planLine).join('\n')
  return [
    `The person wants:\n<<<\n${goal}\n>>>`,
    `Places that they speak of:\n${places}`,
    ...(plans === '' ? [] : [`Stored plans:\n${plans}`]),
    `Tools that may serve (more with life-os.find-tools):\n${toolLines(about.tools)}`,
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

function toolLines(tools: readonly ToolDescription[]): string {
  const lines: string[] = []
  let left = MOST_SCHEMAS
  for (const { id, title, description, input, output, effect } of tools) {
    const line = `- ${id} (${effect}): ${title}. ${description}\n  input: ${slim(input)}\n  output: ${slim(output)}`
    left -= line.length
    if (left < 0) break
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
