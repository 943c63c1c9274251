import { milliseconds, type Plan, type PlanFault, type Step } from '@life-os/contract'
import { compileTemplate, type Expression } from '../expressions/compile.ts'
import { cycleOf, graphOf } from '../graph.ts'
import { declarationFaults } from '../parse/inputs.ts'
import { childLists, templatesOf, textsOf } from '../steps.ts'
import type { CheckContext, Positions } from '../types.ts'
import { Faults, type Path } from './faults.ts'
import { infer } from './infer.ts'
import { schemaOfInputs, typeOfInputs } from './inputs.ts'
import { childrenType, indexSteps, variablesOf, type Entry, type Outputs, PlaceScope } from './scope.ts'
import { MOST_DEEP, repeats, SubPlans } from './sub-plans.ts'
import { BOOL, describe, DYN, INT, join, listOf, nullable, recordOf, TEXT, typeOfLiteral, typeOfSchema, type Type } from './types.ts'
import { valueFaults } from './values.ts'
import { didYouMean } from './words.ts'

/** See {@link Plans.checkPlan} in types.ts. */
export function checkPlan(plan: Plan, context: CheckContext, positions?: Positions): PlanFault[] {
  return new PlanCheck(plan, context, new SubPlans(context, plan), positions).faults()
}

/** Names that CEL or the plan language already uses. */
const TAKEN = new Set([
  'inputs',
  'steps',
  'run',
  'index',
  'last',
  'cel',
  'google',
  'optional',
  'string',
  'bool',
  'int',
  'uint',
  'double',
  'map',
  'list',
  'bytes',
  'null_type',
  'type',
  'dyn',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
  'prototype',
])
/** Words after which CEL reads no name, not even after a dot. */
const UNSELECTABLE = new Set(['in', 'true', 'false', 'null'])
const WAIT: Type = recordOf([
  ['at', INT],
  ['event', DYN],
])
const APPROVAL: Type = recordOf([
  ['approved', BOOL],
  ['by', TEXT],
  ['reason', TEXT],
])
/** Reading ahead through more steps than this, a type counts as open. */
const AHEAD = 200

class PlanCheck implements Outputs {
  readonly entries: ReadonlyMap<string, Entry>
  readonly #plan: Plan
  readonly #context: CheckContext
  readonly #subPlans: SubPlans
  readonly #faults: Faults
  readonly #root: PlaceScope
  readonly #all: readonly Entry[]
  readonly #types = new Map<string, Type>()
  #ahead = 0

  constructor(plan: Plan, context: CheckContext, subPlans: SubPlans, positions?: Positions) {
    this.#plan = plan
    this.#context = context
    this.#subPlans = subPlans
    this.#faults = new Faults(positions)
    const index = indexSteps(plan, typeOfInputs(plan.inputs), this, (step, path, first) => {
      this.#faults.add(
        'step-duplicate',
        `the id \`${step.id}\` is used twice, first at ${first.path.join('.')}: give each step of a plan its own`,
        [...path, 'id'],
      )
    })
    this.entries = index.entries
    this.#root = index.root
    this.#all = index.all
  }

  faults(): PlanFault[] {
    this.#checkInputs()
    for (const entry of this.#all) this.#checkStep(entry)
    this.#checkCycles(this.#plan.steps, ['steps'])
    for (const entry of this.#all) for (const list of childLists(entry.step)) this.#checkCycles(list.steps, [...entry.path, ...list.path])
    this.#texts(this.#plan.outputs, ['outputs'], this.#root)
    return this.#faults.sorted()
  }

  // — types of outputs —

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
    const list = 'each' in entry.step ? this.#templateType(entry.step.each, entry.scope) : DYN
    return list.kind === 'list' ? list.of : DYN
  }

  #bareOutput(entry: Entry): Type {
    const { step, scope } = entry
    if (typeof step['on-error'] === 'object') return DYN
    if ('tool' in step) return typeOfSchema(this.#context.tool(step.tool)?.output)
    if ('set' in step) return this.#templateType(step.set, scope)
    if ('each' in step || 'while' in step) return listOf(childrenType(entry, this))
    if ('group' in step || 'branch' in step) return childrenType(entry, this)
    if ('plan' in step) return this.#subPlanOutputs(step.plan)
    if ('approve' in step) return APPROVAL
    return 'wait' in step ? WAIT : DYN
  }

  #subPlanOutputs(id: string): Type {
    const plan = this.#subPlans.get(id)
    if (!plan || id === this.#plan.id || this.#subPlans.chain(id).length > MOST_DEEP || repeats(this.#subPlans.chain(id))) return DYN
    return new PlanCheck(plan, this.#context, this.#subPlans).outputsType()
  }

  outputsType(): Type {
    return recordOf(Object.entries(this.#plan.outputs).map(([name, value]) => [name, this.#templateType(value, this.#root)] as const))
  }

  #templateType(value: unknown, scope: PlaceScope): Type {
    if (Array.isArray(value)) return listOf(join(value.map((item) => this.#templateType(item, scope))))
    if (typeof value === 'object' && value !== null)
      return recordOf(Object.entries(value).map(([key, item]) => [key, this.#templateType(item, scope)] as const))
    if (typeof value !== 'string') return typeOfLiteral(value)
    const compiled = compileTemplate(value)
    if (!compiled) return TEXT
    if (!compiled.ok) return DYN
    return compiled.whole ? infer(compiled.whole, scope).type : TEXT
  }

  // — one step —

  #checkStep(entry: Entry): void {
    const { step, path } = entry
    if (UNSELECTABLE.has(step.id))
      this.#faults.add('name-reserved', `\`${step.id}\` is a word of expressions and cannot name a step: choose another id`, [
        ...path,
        'id',
      ])
    step.after?.forEach((id, index) => this.#checkAfter(entry, id, [...path, 'after', index]))
    this.#checkReached(entry)
    for (const { field, value, path: at } of templatesOf(step)) {
      const place = [...path, ...at]
      const types = this.#texts(
        value,
        place,
        field === 'key' && 'each' in step ? this.#inside(entry) : field === 'while' ? this.#inside(entry) : entry.scope,
      )
      if (field === 'when' || field === 'require' || field === 'ensure' || field === 'branch' || field === 'while')
        this.#checkCondition(value, place, types)
      if (field === 'each') this.#checkEach(entry, types.get(''))
    }
    if ('tool' in step) this.#checkTool(entry, step.tool, step.input)
    if ('plan' in step) this.#checkSubPlan(entry, step.plan, step.input)
    if ('agent' in step && !this.#context.agent?.(step.agent))
      this.#faults.add('agent-unknown', `there is no agent \`${step.agent}\``, [...path, 'agent'])
    if ('wait' in step) this.#checkWait(step.wait, [...path, 'wait'])
    if (variablesOf(step).length > 0 && 'as' in step && TAKEN.has(step.as))
      this.#faults.add('name-reserved', `\`${step.as}\` already means something in expressions: choose another name for \`as\``, [
        ...path,
        'as',
      ])
  }

  #inside(entry: Entry): PlaceScope {
    const list = childLists(entry.step).find((candidate) => candidate.role === 'body')
    return new PlaceScope({ inputs: entry.scope.inputs, outputs: this, steps: [], owner: entry, ...(list && { list }) })
  }

  #checkAfter(entry: Entry, id: string, path: Path): void {
    if (id !== entry.step.id && entry.scope.siblings.has(id)) return
    const reason =
      id === entry.step.id
        ? 'a step cannot wait for itself'
        : this.entries.has(id)
          ? `step \`${id}\` stands in another list: \`after\` names steps beside this one`
          : `there is no step \`${id}\` beside this one${didYouMean(id, entry.scope.siblings.keys())}`
    this.#faults.add('after-unknown', reason, path)
  }

  #checkReached({ step, path }: Entry): void {
    if (constant(step.when) === false)
      this.#faults.add(
        'step-unreachable',
        `step \`${step.id}\` never runs, for its \`when\` is always false: remove the step or the condition`,
        [...path, 'when'],
      )
    if (!('branch' in step)) return
    const always = step.branch.findIndex((side) => constant(side.when) === true)
    step.branch.forEach((side, index) => {
      if (constant(side.when) === false)
        this.#faults.add('step-unreachable', 'this side is never taken, for its `when` is always false: remove it', [
          ...path,
          'branch',
          index,
          'when',
        ])
      else if (always >= 0 && index > always)
        this.#faults.add('step-unreachable', 'this side is never taken, for one before it always is: remove it or move it up', [
          ...path,
          'branch',
          index,
        ])
    })
    if (always >= 0 && step.else)
      this.#faults.add('step-unreachable', '`else` is never taken, for a side before it always is: remove it', [...path, 'else'])
  }

  #checkCondition(value: unknown, path: Path, types: ReadonlyMap<string, Type>): void {
    if (typeof value !== 'string') return
    const compiled = compileTemplate(value)
    if (compiled?.ok && !compiled.whole)
      this.#faults.add('expression-invalid', 'a condition is one expression: write it between one ${{ and }}', path)
    const type = types.get('')
    if (type && compiled?.ok && compiled.whole && type.kind !== 'bool' && type.kind !== 'dyn')
      this.#faults.add('type-mismatch', `a condition is true or false, this one is ${describe(type)}: compare it with something`, path, {
        expression: compiled.whole.at,
        at: 0,
      })
  }

  #checkEach(entry: Entry, type: Type | undefined): void {
    const { step, path, scope } = entry
    if (!('each' in step)) return
    const compiled = compileTemplate(step.each)
    if (!compiled?.ok) return
    if (!compiled.whole)
      this.#faults.add('expression-invalid', '`each` takes one expression: write it between one ${{ and }}', [...path, 'each'])
    else if (type && type.kind !== 'list' && type.kind !== 'dyn')
      this.#faults.add('type-mismatch', `\`each\` goes through a list, this is ${describe(type)}`, [...path, 'each'], {
        expression: compiled.whole.at,
        at: 0,
      })
    if (step.max === undefined && !compiled.expressions.every((expression) => this.#lengthKnown(expression, scope, 0))) {
      this.#faults.add('each-without-max', `how many times \`${step.id}\` turns is known only in the run: say the most with \`max\``, [
        ...path,
        'each',
      ])
    }
  }

  /** Whether a list's length is known before the run: it hangs on inputs alone, also through `set` steps and loops over such lists. */
  #lengthKnown(expression: Expression, scope: PlaceScope, hops: number): boolean {
    if (hops > 20) return false
    return expression.references.every(({ root, key }) => {
      if (root === 'inputs' || root === 'run') return true
      const source = root === 'steps' ? this.entries.get(key ?? '') : scope.loop(root)
      if (!source) return false
      const template =
        root === 'steps'
          ? 'set' in source.step
            ? source.step.set
            : undefined
          : 'each' in source.step && root !== 'index'
            ? source.step.each
            : undefined
      if (template === undefined) return false
      return textsOf(template).every(({ text }) => {
        const compiled = compileTemplate(text)
        return compiled?.ok === true && compiled.expressions.every((inner) => this.#lengthKnown(inner, source.scope, hops + 1))
      })
    })
  }

  #checkTool(entry: Entry, id: string, input: unknown): void {
    const tool = this.#context.tool(id)
    if (tool) this.#checkInput(entry, input, tool.input, `\`${id}\``)
    else
      this.#faults.add('tool-unknown', `there is no tool \`${id}\`: check its name, or install and enable the plugin that has it`, [
        ...entry.path,
        'tool',
      ])
  }

  #checkInput({ step, path, scope }: Entry, input: unknown, schema: unknown, subject: string): void {
    const place = input === undefined ? path : [...path, 'input']
    const typeOf = (_at: Path, text: string): Type | undefined => (compileTemplate(text) ? this.#templateType(text, scope) : undefined)
    for (const fault of valueFaults(input ?? {}, schema, subject, typeOf)) {
      const at = [...place, ...fault.path]
      this.#faults.add(
        fault.code,
        fault.code === 'type-mismatch' ? `\`${[step.id, ...fault.path].join('.')}\`: ${fault.message}` : fault.message,
        at,
      )
    }
  }

  #checkSubPlan(entry: Entry, id: string, input: unknown): void {
    const path = [...entry.path, 'plan']
    const plan = this.#subPlans.get(id)
    if (!plan) return this.#faults.add('plan-unknown', `there is no plan \`${id}\`: save it first, or check its name`, path)
    const chain = [this.#plan.id, ...this.#subPlans.chain(id, [this.#plan.id])]
    if (repeats(chain))
      return this.#faults.add('plan-too-deep', `this plan would call itself (${chain.join(' → ')}): use \`while\` to repeat`, path)
    if (chain.length - 1 > MOST_DEEP)
      return this.#faults.add(
        'plan-too-deep',
        `plans may call plans at most ${MOST_DEEP} deep (${chain.slice(0, 4).join(' → ')} → …)`,
        path,
      )
    this.#checkInput(entry, input, schemaOfInputs(plan.inputs), `plan \`${id}\``)
  }

  #checkWait(wait: (Step & { wait: unknown })['wait'], path: Path): void {
    if (typeof wait !== 'object' || wait === null) return
    if ('for' in wait && typeof wait.for === 'string' && !compileTemplate(wait.for) && Number.isNaN(milliseconds(wait.for)))
      this.#faults.add('type-mismatch', `'${wait.for}' is no duration: write one such as 10m or 2h`, [...path, 'for'])
    if ('until' in wait && typeof wait.until === 'string' && !compileTemplate(wait.until) && Number.isNaN(Date.parse(wait.until)))
      this.#faults.add('type-mismatch', `'${wait.until}' is no time: write one such as 2026-03-01T08:00:00Z`, [...path, 'until'])
  }

  // — shared —

  /** Checks every expression of a template; the types found, by their place below it. */
  #texts(value: unknown, path: Path, scope: PlaceScope): ReadonlyMap<string, Type> {
    const types = new Map<string, Type>()
    for (const { text, path: below } of textsOf(value)) {
      const place = [...path, ...below]
      const compiled = compileTemplate(text)
      if (!compiled) continue
      if (!compiled.ok) {
        for (const fault of compiled.faults)
          this.#faults.add(fault.code, fault.message, place, { ...fault, source: text.slice(fault.expression) })
        continue
      }
      for (const expression of compiled.expressions) {
        const { type, faults } = infer(expression, scope)
        for (const fault of faults)
          this.#faults.add(fault.code, fault.message, place, { expression: expression.at, at: fault.at, source: text.slice(expression.at) })
        if (compiled.whole) types.set(below.join('.'), type)
      }
    }
    return types
  }

  #checkInputs(): void {
    for (const [name, input] of Object.entries(this.#plan.inputs)) {
      if (UNSELECTABLE.has(name))
        this.#faults.add('name-reserved', `\`${name}\` is a word of expressions and cannot name an input: choose another`, ['inputs', name])
      for (const { message, path } of declarationFaults(input)) this.#faults.add('type-mismatch', message, ['inputs', name, ...path])
    }
  }

  #checkCycles(steps: readonly Step[], path: Path): void {
    let nodes = graphOf(steps).nodes
    for (let cycle = cycleOf({ nodes }); cycle; cycle = cycleOf({ nodes })) {
      const first = cycle[0] ?? ''
      this.#faults.add(
        'plan-cycle',
        cycle.length === 2
          ? `step \`${first}\` waits for itself: it reads its own output`
          : `these steps wait for each other: ${cycle.join(' → ')}; remove one of the reads or \`after\``,
        [...path, steps.findIndex((step) => step.id === first)],
      )
      const broken = new Set(cycle)
      nodes = nodes.filter((node) => !broken.has(node.id))
    }
  }
}

/** Whether a step's output may be null although the plan goes on. */
function mayBeNull(step: Step): boolean {
  return (
    (step.when !== undefined && constant(step.when) !== true) ||
    step.optional === true ||
    step['on-error'] === 'continue' ||
    typeof step['on-error'] === 'object'
  )
}

/** The value of a condition that does not depend on anything. */
function constant(condition: string | boolean | undefined): boolean | undefined {
  if (typeof condition !== 'string') return condition
  const compiled = compileTemplate(condition)
  const ast = compiled?.ok ? compiled.whole?.ast : undefined
  return ast?.op === 'value' && typeof ast.args === 'boolean' ? ast.args : undefined
}
