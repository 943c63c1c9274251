import type { ModelTool } from '@life-os/contract'

export const speedTask = 'Tell a short story of about one hundred words about a lighthouse keeper who learns to sail.'

export const WEATHER: ModelTool = {
  id: 'weather.forecast',
  description: 'The weather forecast of a city for the coming days.',
  input: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'name of the city' },
      days: { type: 'integer', description: 'how many days, 1 to 7' },
    },
    required: ['city', 'days'],
    additionalProperties: false,
  },
}

interface ToolTask {
  prompt: string
  city: string
  days: number
}
export const TOOL_TASKS: readonly ToolTask[] = [
  ['Vienna', 3],
  ['Lisbon', 1],
  ['Nairobi', 7],
  ['Osaka', 2],
  ['Quito', 5],
].map(([city, days]) => ({
  prompt: `Use the tool to get the weather forecast of ${city} for ${days} days.`,
  city: String(city),
  days: Number(days),
}))

export function toolCallIsRight(calls: readonly { tool: string; input: unknown }[], { city, days }: ToolTask): boolean {
  const [call] = calls
  if (calls.length !== 1 || call?.tool !== WEATHER.id || typeof call.input !== 'object' || call.input === null) return false
  const input: Record<string, unknown> = { ...call.input }
  return typeof input['city'] === 'string' && input['city'].toLowerCase().includes(city.toLowerCase()) && input['days'] === days
}

interface JsonTask {
  prompt: string
  schema: Record<string, unknown>
  name: string
  year: number
}
const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, born: { type: 'integer' }, fields: { type: 'array', items: { type: 'string' } } },
  required: ['name', 'born', 'fields'],
  additionalProperties: false,
}
export const JSON_TASKS: readonly JsonTask[] = [
  ['Ada Lovelace', 1815, 'mathematics'],
  ['Emmy Noether', 1882, 'algebra and physics'],
  ['Alan Turing', 1912, 'computing and biology'],
  ['Grace Hopper', 1906, 'compilers'],
  ['Srinivasa Ramanujan', 1887, 'number theory'],
].map(([name, year, field]) => ({
  prompt: `Answer as JSON with name, born (a year) and fields (a list): ${name} was born in ${year} and worked on ${field}.`,
  schema: PERSON,
  name: String(name),
  year: Number(year),
}))

export function jsonIsRight(object: unknown, { name, year }: JsonTask): boolean {
  if (typeof object !== 'object' || object === null) return false
  const found: Record<string, unknown> = { ...object }
  const { fields } = found
  return found['name'] === name && found['born'] === year && Array.isArray(fields) && fields.every((field) => typeof field === 'string')
}

/** Tokens of the texts that the context probe sends, one after the other. */
export const CONTEXT_STEPS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]

const NEEDLE = 'marzipan'
const LINE = 'The river was calm that day and the boats lay still along the old wooden pier.' // about 17 tokens

/** A text of about so many tokens with a word to find at its beginning. */
export function hay(tokens: number): { prompt: string; word: string } {
  const lines = Array.from({ length: Math.max(1, Math.floor(tokens / 18)) }, (_, index) => `${index + 1}. ${LINE}`)
  return {
    prompt: `The secret word is ${NEEDLE}. Remember it.\n\n${lines.join('\n')}\n\nWhat is the secret word? Answer with this one word.`,
    word: NEEDLE,
  }
}
