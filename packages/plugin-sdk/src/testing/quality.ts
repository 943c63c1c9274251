import { parse } from 'yaml'
import { z } from 'zod'

export const LEVELS = ['bronze', 'silver', 'gold'] as const
export type Level = (typeof LEVELS)[number]

/** The quality scale: every rule by its level. */
export const QUALITY_RULES: Readonly<Record<Level, Readonly<Record<string, string>>>> = {
  bronze: {
    'manifest-valid': 'The manifest is valid and agrees with the code.',
    'contract-green': 'The shared contract suite passes.',
    'readme-complete': 'The README says what it does, how to set it up, every tool by example, and its limits.',
    'examples-run': 'Every example runs and gives what it promises.',
    'errors-clear': 'Every error has a stable code and says what to do.',
    'unloads-clean': 'It unloads without leaving anything running.',
    'no-network-at-load': 'Loading it touches no network.',
  },
  silver: {
    'effects-previewed': 'Every effect shows in a preview and is undone or honestly final.',
    'bad-input-tested': 'Tests feed every tool bad input.',
    'exchanges-recorded': 'There are fixtures for every foreign interface it speaks.',
    'real-counterpart': 'It is tested against a real counterpart where one can run.',
  },
  gold: {
    'limits-stated': 'Limits and cost are stated.',
    reconciles: 'External effects can be reconciled after a crash.',
    'progress-shown': 'What takes over a second shows progress.',
    'translations-ready': 'Its texts can be translated.',
    'plan-shows-off': 'A shipped plan shows what it is good for.',
  },
}

const Standing = z.union([
  z.literal('done'),
  z.literal('todo'),
  z.strictObject({ todo: z.string().min(1) }),
  z.strictObject({ exempt: z.string().min(10, 'an exemption needs its reason') }),
])
const Quality = z.strictObject({ level: z.enum(['none', ...LEVELS]), rules: z.record(z.string(), Standing) })

export type Quality = z.infer<typeof Quality>

/** A `quality.yaml` as data, or null where it is none. */
export const readQuality = (text: string): Quality | null => Quality.safeParse(parseYaml(text)).data ?? null

/** Faults of a `quality.yaml`: every rule must be named with `done`, `todo` or `exempt: <reason>`, and the level be earned. */
export function qualityFaults(text: string): string[] {
  const read = Quality.safeParse(parseYaml(text))
  if (!read.success) return read.error.issues.map((issue) => `quality.yaml, ${issue.path.join('.') || 'the whole'}: ${issue.message}`)
  const { level, rules } = read.data
  const known = new Set(LEVELS.flatMap((one) => Object.keys(QUALITY_RULES[one])))
  return [
    ...[...known]
      .filter((rule) => !Object.hasOwn(rules, rule))
      .map((rule) => `quality.yaml does not say how "${rule}" stands: write done, todo or exempt with a reason`),
    ...Object.keys(rules)
      .filter((rule) => !known.has(rule))
      .map((rule) => `quality.yaml names an unknown rule "${rule}": take it out`),
    ...unearned(level, rules),
  ]
}

function unearned(level: Level | 'none', rules: Record<string, z.infer<typeof Standing>>): string[] {
  if (level === 'none') return []
  const needed = LEVELS.slice(0, LEVELS.indexOf(level) + 1).flatMap((one) => Object.keys(QUALITY_RULES[one]))
  const open = needed.filter((rule) => rules[rule] === 'todo' || (typeof rules[rule] === 'object' && 'todo' in rules[rule]))
  return open.map((rule) => `quality.yaml claims ${level}, but "${rule}" is still to do`)
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
