import type { Labels, Plan, PlanFault, PlanInput, Step, StepKind, ToolDescription } from '@life-os/contract'

export type ParsedPlan = { ok: true; plan: Plan; positions: Positions } | { ok: false; faults: PlanFault[] }
/** Line and column (from 1) by dotted path, for sources that had them; `path#key` is a value's key, `path#12` the expression that starts at character 12 of a text. */
export type Positions = ReadonlyMap<string, { line: number; column: number }>

export interface CheckContext {
  tool(id: string): ToolDescription | undefined
  /** A stored or shipped plan by id, for sub-plans. */
  plan(id: string): Plan | undefined
  agent?(id: string): boolean
}

/** A step with what it depends on: ids of sibling steps. Data edges come from expressions, order edges from `after`. */
export interface GraphNode {
  id: string
  kind: StepKind
  step: Step
  after: readonly string[]
}
export interface Graph {
  nodes: readonly GraphNode[]
}

/** A value with its labels; `UNKNOWN` values throw when CEL reads them. Values must not change while a scope uses them: results may share them. */
export interface Labelled {
  value: unknown
  labels: Labels
}
/** The variables of an expression: `inputs`, `steps`, loop variables. Each top-level entry, and each `steps.<id>`, carries its own labels. */
export interface Scope {
  inputs: Record<string, Labelled>
  steps: Record<string, Labelled>
  vars: Record<string, Labelled>
}

/** Marks what is known only after apply. Inside values of a scope; reading it makes the expression unknown. */
export const UNKNOWN: unique symbol = Symbol('unknown')
export type Evaluated =
  | { known: true; value: unknown; labels: Labels }
  | { known: false; labels: Labels; /** for text templates: the text with `*` for each unknown part */ pattern?: string }

/**
 * - `parsePlan(text | data)`: YAML or JSON text or data to a plan; every fault at once.
 * - `checkPlan(plan, context, positions?)`: every fault at once, [] when the plan is good.
 * - `graphOf(steps)`: edges among siblings; expressions inside nested steps count for their container.
 * - `evaluate(template, scope)`: a value whose texts may hold `${{ … }}`, deep; whole-value expressions keep their type.
 *   Faults throw `expression-failed` with the expression.
 * - `test(condition, scope)`: a boolean condition; unknown when it cannot be told.
 * - `parseInputs(declared, given)`: defaults applied, types checked; `input-invalid` names every fault.
 * - `printPlan(plan)`: YAML that parses to the same plan. `mermaidOf(plan)`: a flowchart. `planJsonSchema()`.
 */
export interface Plans {
  parsePlan(source: string | unknown): ParsedPlan
  checkPlan(plan: Plan, context: CheckContext, positions?: Positions): PlanFault[]
  graphOf(steps: readonly Step[]): Graph
  evaluate(template: unknown, scope: Scope): Evaluated
  test(condition: string | boolean, scope: Scope): Evaluated
  parseInputs(declared: Record<string, PlanInput>, given: Record<string, unknown>): Record<string, unknown>
  printPlan(plan: Plan): string
  mermaidOf(plan: Plan): string
  planJsonSchema(): Record<string, unknown>
}
