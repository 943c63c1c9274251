import { describe, expect, it } from 'vitest'
import { faultsOf, unmark } from '../samples.ts'

const head = 'id: p\nname: P\n'
const rest = `inputs:
  folder: { type: path }
  by: { type: choice, choices: [kind, date], default: kind }
  names: { type: list, of: { type: text }, default: [] }
  key: { type: secret, optional: true }
  shape: { type: record, fields: { a: { type: text } }, optional: true }
steps:
  - { id: scan, tool: files.list, input: { path: "\${{ inputs.folder }}" } }
`
const plan = (intents: string): string => `${head}intents:\n${intents}${rest}`

/** Name, codes in order of place, and the intents with a mark where each fault is expected. */
const FAULTS: readonly (readonly [name: string, codes: string[], intents: string])[] = [
  ['an input that the plan has not', ['input-unknown'], '  - say: §tidy {foldr}\n'],
  ['an input that is set and not declared', ['input-unknown'], '  - say: tidy\n    inputs: { deep: §true }\n'],
  ['a set value of the wrong type', ['type-mismatch'], '  - say: tidy {folder}\n    inputs: { by: §colour }\n'],
  ['an input both said and set', ['intent-invalid'], '  - say: tidy {folder}\n    inputs: { folder: §/a }\n'],
  ['nothing but inputs', ['intent-invalid'], '  - say: §"{folder}"\n'],
  ['one input twice', ['intent-invalid'], '  - say: §tidy {folder} and {folder}\n'],
  ['two inputs side by side', ['intent-invalid'], '  - say: §tidy {folder} {by}\n'],
  ['braces without a name', ['intent-invalid'], '  - say: §tidy {the folder}\n'],
  ['an open brace', ['intent-invalid'], '  - say: "§tidy {folder"\n'.replace('"§', '§"')],
  ['a secret in words', ['intent-invalid'], '  - say: §tidy with {key}\n'],
  ['a record in words', ['intent-invalid'], '  - say: §tidy as {shape}\n'],
  ['the same said twice', ['intent-invalid'], '  - say: tidy {folder}\n  - say: §Tidy {folder}\n'],
]

describe('checkPlan, of intents', () => {
  it.each(FAULTS)('finds %s', (_name, codes, marked) => {
    const { text, places } = unmark(plan(marked))
    const faults = faultsOf(text)
    expect(faults.map((fault) => fault.code)).toEqual(codes)
    expect(faults.map((fault) => `${fault.line}:${fault.column}`)).toEqual(places)
  })

  it('takes what is said of declared inputs', () => {
    const good = plan('  - say: tidy {folder}, by {by}\n    inputs: { names: [a] }\n    examples: [tidy ~/x by date]\n  - say: tidy\n')
    expect(faultsOf(good)).toEqual([])
  })
})
