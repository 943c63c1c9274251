import { compileTemplate, type Expression } from '../expressions/compile.ts'
import { textsOf } from '../steps.ts'
import type { Entry, Outputs, PlaceScope } from './scope.ts'

const MOST_HOPS = 20

/** Whether a list's length is known before the run: it hangs on inputs alone, also through `set` steps and loops over such lists. */
export function lengthKnown(expression: Expression, scope: PlaceScope, outputs: Outputs, hops = 0): boolean {
  if (hops > MOST_HOPS) return false
  return expression.references.every(({ root, key }) => {
    if (root === 'inputs' || root === 'run') return true
    const source = root === 'steps' ? outputs.entries.get(key ?? '') : scope.loop(root)
    const template = source && (root === 'steps' ? setOf(source) : root === 'index' ? undefined : eachOf(source))
    if (!source || template === undefined) return false
    return textsOf(template).every(({ text }) => {
      const compiled = compileTemplate(text)
      return compiled?.ok === true && compiled.expressions.every((inner) => lengthKnown(inner, source.scope, outputs, hops + 1))
    })
  })
}

const setOf = ({ step }: Entry): unknown => ('set' in step ? step.set : undefined)
const eachOf = ({ step }: Entry): unknown => ('each' in step ? step.each : undefined)
