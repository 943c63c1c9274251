import type { Intent, Plan } from '@life-os/contract'
import { valueFaultsOf } from '../parse/inputs.ts'
import { isSayable, parseSay } from '../say.ts'
import type { Path } from './faults.ts'
import { didYouMean, some } from './words.ts'

type Add = (code: string, message: string, path: Path) => void

/** Faults of a plan's ways of saying: what is said names declared inputs, each once and of a kind that words can tell. */
export function checkIntents(plan: Plan, add: Add): void {
  const said = new Map<string, number>()
  plan.intents?.forEach((intent, index) => {
    const path = ['intents', index]
    const first = said.get(intent.say.toLowerCase())
    if (first !== undefined) add('intent-invalid', `this is said already, in intent ${first + 1}: remove one of them`, [...path, 'say'])
    else said.set(intent.say.toLowerCase(), index)
    checkIntent(plan, intent, path, add)
  })
}

function checkIntent(plan: Plan, intent: Intent, path: Path, add: Add): void {
  const parsed = parseSay(intent.say)
  const slots = parsed.ok ? parsed.parts.flatMap((part) => (part.kind === 'slot' ? [part.name] : [])) : []
  if (!parsed.ok) add('intent-invalid', parsed.message, [...path, 'say'])
  for (const name of slots) {
    const input = plan.inputs[name]
    if (!input) add('input-unknown', unknown(plan, name), [...path, 'say'])
    else if (!isSayable(input))
      add('intent-invalid', `\`${name}\` is a ${input.type}, which words cannot tell: leave it out of what is said`, [...path, 'say'])
  }
  for (const [name, value] of Object.entries(intent.inputs ?? {})) {
    const input = plan.inputs[name]
    if (!input) add('input-unknown', unknown(plan, name), [...path, 'inputs', name])
    else if (slots.includes(name)) add('intent-invalid', `\`${name}\` is set by what is said: remove it here`, [...path, 'inputs', name])
    else for (const fault of valueFaultsOf(input, value)) add('type-mismatch', fault.message, [...path, 'inputs', name, ...fault.path])
  }
}

const unknown = (plan: Plan, name: string): string => {
  const names = Object.keys(plan.inputs)
  return `the plan has no input \`${name}\`${didYouMean(name, names) || (names.length > 0 ? ` (inputs are ${some(names)})` : '')}`
}
