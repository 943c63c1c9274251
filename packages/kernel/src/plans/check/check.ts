import { milliseconds, type Plan, type PlanFault, type Step } from '@life-os/contract'
import { compileTemplate } from '../expressions/compile.ts'
import { cycleOf, graphOf } from '../graph.ts'
import { declarationFaults } from '../parse/inputs.ts'
import { childLists, templatesOf, textsOf } from '../steps.ts'
import type { CheckContext, Positions } from '../types.ts'
import { Faults, type Path } from './faults.ts'
import { infer } from './infer.ts'
import { schemaOfInputs } from './inputs.ts'
import { checkIntents } from './intents.ts'
import { lengthKnown } from './loops.ts'
import { constant, OutputTypes } from './outputs.ts'
import { TAKEN, UNSELECTABLE } from './reserved.ts'
import { PlaceScope, variablesOf, type Entry } from './scope.ts'
import { MOST_DEEP, repeats, SubPlans } from './sub-plans.ts'
import { describe, type Type } from './types.ts'
import { valueFaults } from './values.ts'
import { didYouMean } from './words.ts'

/** See {@link Plans.checkPlan} in types.ts. */
export function checkPlan(plan: Plan, context: CheckContext, positions?: Positions): PlanFault[] {
  return new PlanCheck(plan, context, new SubPlans(context, plan), positions).faults()
}

class PlanCheck {
  readonly #plan: Plan
  readonly #context: CheckContext
  readonly #subPlans: SubPlans
  readonly #faults: Faults
  readonly #outputs: OutputTypes

  constructor(plan: Plan, context: CheckContext, subPlans: SubPlans, positions?: Positions) {
    this.#plan = plan
    this.#context = context
    this.#subPlans = subPlans
    this.#faults = new Faults(positions)
    this.#outputs = new OutputTypes(plan, context, subPlans, (step, path, first) => {
      const message = `the id \`${step.id}\` is used twice, first at ${first.path.join('.')}: give each step of a plan its own`
      this.#faults.add('step-duplicate', message, [...path, 'id'])
    })
  }

  faults(): PlanFault[] {
    this.#checkInputs()
    checkIntents(this.#plan, (code, message, path) => this.#faults.add(code, message, path))
    for (const entry of this.#outputs.all) this.#checkStep(entry)
    this.#checkCycles(this.#plan.steps, ['steps'])
    for (const entry of this.#outputs.all)
      for (const list of childLists(entry.step)) this.#checkCycles(list.steps, [...entry.path, ...list.path])
    this.#texts(this.#plan.outputs, ['outputs'], this.#outputs.root)
    return this.#faults.sorted()
  }

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
    return new PlaceScope({ inputs: entry.scope.inputs, outputs: this.#outputs, steps: [], owner: entry, ...(list && { list }) })
  }

  #checkAfter(entry: Entry, id: string, path: Path): void {
    if (id !== entry.step.id && entry.scope.siblings.has(id)) return
    const reason =
      id === entry.step.id
        ? 'a step cannot wait for itself'
        : this.#outputs.entries.has(id)
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
    if (step.max === undefined && !compiled.expressions.every((expression) => lengthKnown(expression, scope, this.#outputs))) {
      this.#faults.add('each-without-max', `how many times \`${step.id}\` turns is known only in the run: say the most with \`max\``, [
        ...path,
        'each',
      ])
    }
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
    const typeOf = (_at: Path, text: string): Type | undefined => (compileTemplate(text) ? this.#outputs.typeOf(text, scope) : undefined)
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
