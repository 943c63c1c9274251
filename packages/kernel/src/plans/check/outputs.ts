import type { Plan, Step } from '@life-os/contract'
import { compileTemplate } from '../expressions/compile.ts'
import type { CheckContext } from '../types.ts'
import type { Path } from './faults.ts'
import { infer } from './infer.ts'
import { typeOfInputs } from './inputs.ts'
import { childrenType, indexSteps, type Entry, type Outputs, type PlaceScope } from './scope.ts'
import { MOST_DEEP, repeats, type SubPlans } from './sub-plans.ts'
import { BOOL, DYN, INT, join, listOf, nullable, recordOf, TEXT, typeOfLiteral, typeOfSchema, type Type } from './types.ts'

/** The outputs of steps as the interpreter makes them. */
const WAIT: Type = recordOf(Object.entries({ at: INT, event: DYN }))
const APPROVAL: Type = recordOf(Object.entries({ approved: BOOL, by: TEXT, reason: TEXT }))
/** Reading ahead through more steps than this, a type counts as open. */
const AHEAD = 200

/** The steps of one plan with their scopes, and the types of what they give. Each type is found once. */
export class OutputTypes implements Outputs {
  readonly entries: ReadonlyMap<string, Entry>
  readonly all: readonly Entry[]
  readonly root: PlaceScope
  readonly #plan: Plan
  readonly #context: CheckContext
  readonly #subPlans: SubPlans
  readonly #types = new Map<string, Type>()
  #ahead = 0

  constructor(plan: Plan, context: CheckContext, subPlans: SubPlans, doubled: (step: Step, path: Path, first: Entry) => void = () => {}) {
    this.#plan = plan
    this.#context = context
    this.#subPlans = subPlans
    const index = indexSteps(plan, typeOfInputs(plan.inputs), this, doubled)
    this.entries = index.entries
    this.all = index.all
    this.root = index.root
  }

  outputOf(entry: Entry): Type {
    const id = entry.step.id
    const known = this.#types.get(id)
    if (known) return known
    if (this.#ahead > AHEAD) return DYN
    this.#types.set(id, DYN) // a cycle reads itself as anything; the cycle is reported as such
    this.#ahead += 1
    const type = this.#bareOutput(entry)
    this.#ahead -= 1
    const result = mayBeNull(entry.step) ? nullable(type) : type
    this.#types.set(id, result)
    return result
  }

  itemOf(entry: Entry): Type {
    const list = 'each' in entry.step ? this.typeOf(entry.step.each, entry.scope) : DYN
    return list.kind === 'list' ? list.of : DYN
  }

  /** The type of a template's value at a place. */
  typeOf(value: unknown, scope: PlaceScope): Type {
    if (Array.isArray(value)) return listOf(join(value.map((item) => this.typeOf(item, scope))))
    if (typeof value === 'object' && value !== null)
      return recordOf(Object.entries(value).map(([key, item]) => [key, this.typeOf(item, scope)] as const))
    if (typeof value !== 'string') return typeOfLiteral(value)
    const compiled = compileTemplate(value)
    if (!compiled) return TEXT
    if (!compiled.ok) return DYN
    return compiled.whole ? infer(compiled.whole, scope).type : TEXT
  }

  /** The record of the plan's own outputs. */
  ofPlan(): Type {
    return this.typeOf(this.#plan.outputs, this.root)
  }

  #bareOutput(entry: Entry): Type {
    const { step, scope } = entry
    if (typeof step['on-error'] === 'object') return DYN
    if ('tool' in step) return typeOfSchema(this.#context.tool(step.tool)?.output)
    if ('set' in step) return this.typeOf(step.set, scope)
    if ('each' in step || 'while' in step) return listOf(childrenType(entry, this))
    if ('group' in step || 'branch' in step) return childrenType(entry, this)
    if ('plan' in step) return this.#ofSubPlan(step.plan)
    if ('approve' in step) return APPROVAL
    return 'wait' in step ? WAIT : DYN
  }

  #ofSubPlan(id: string): Type {
    const plan = this.#subPlans.get(id)
    const chain = this.#subPlans.chain(id)
    if (!plan || id === this.#plan.id || chain.length > MOST_DEEP || repeats(chain)) return DYN
    const known = this.#subPlans.outputs.get(id)
    if (known) return known
    const type = new OutputTypes(plan, this.#context, this.#subPlans).ofPlan()
    this.#subPlans.outputs.set(id, type)
    return type
  }
}

/** Whether a step's output may be null although the plan goes on. */
function mayBeNull(step: Step): boolean {
  const skippable = step.when !== undefined && constant(step.when) !== true
  return skippable || step.optional === true || step['on-error'] === 'continue' || typeof step['on-error'] === 'object'
}

/** The value of a condition that does not depend on anything. */
export function constant(condition: string | boolean | undefined): boolean | undefined {
  if (typeof condition !== 'string') return condition
  const compiled = compileTemplate(condition)
  const ast = compiled?.ok ? compiled.whole?.ast : undefined
  return ast?.op === 'value' && typeof ast.args === 'boolean' ? ast.args : undefined
}
