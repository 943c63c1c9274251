import type { MissingInput, Proposal } from '@life-os/contract'

/** What was typed, by the name of the input. */
export type Filled = Readonly<Record<string, string>>

/** The proposal's inputs with what was typed, or what is wrong with it by name. */
export function filledIn(
  { inputs, missing }: Pick<Proposal, 'inputs' | 'missing'>,
  filled: Filled,
): { inputs: Record<string, unknown> } | { faults: Record<string, string> } {
  const faults: Record<string, string> = {}
  const all: Record<string, unknown> = { ...inputs }
  for (const each of missing) {
    const value = valueOf(each, filled[each.name]?.trim() ?? '')
    if ('fault' in value) faults[each.name] = value.fault
    else all[each.name] = value.value
  }
  return Object.keys(faults).length > 0 ? { faults } : { inputs: all }
}

function valueOf({ input }: MissingInput, text: string): { value: unknown } | { fault: string } {
  if (text === '' && input.type !== 'boolean') return { fault: 'This is needed.' }
  switch (input.type) {
    case 'number':
      return Number.isFinite(Number(text)) ? { value: Number(text) } : { fault: 'Write a number.' }
    case 'boolean':
      return { value: text === 'yes' }
    case 'path':
    case 'file':
      return /^[/~]/.test(text) ? { value: text } : { fault: 'Write a whole path, such as ~/Downloads.' }
    case 'choice':
      return input.choices.includes(text) ? { value: text } : { fault: `One of: ${input.choices.join(', ')}.` }
    case 'list':
      return {
        value: text
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== ''),
      }
    default:
      return { value: text }
  }
}
