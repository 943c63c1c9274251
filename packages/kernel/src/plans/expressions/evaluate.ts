import { joinLabels, LifeOsError, type Labels } from '@life-os/contract'
import type { Evaluated, Labelled, Scope } from '../types.ts'
import { childrenOf, literalKey, sourceOf, type Node, type Reference } from './ast.ts'
import { compileTemplate, reasonOf, type Expression } from './compile.ts'
import { enter, leave, RecordView, type Reader } from './values.ts'
import { isUnknown, UnknownRead } from './unknown.ts'

/** See {@link Plans.evaluate} in types.ts. Values of a scope must not change while it is in use: results may share them. */
export function evaluate(template: unknown, scope: Scope): Evaluated {
  if (typeof template === 'string') return evaluateText(template, scope)
  if (Array.isArray(template))
    return gather(
      template.map((item) => evaluate(item, scope)),
      (values) => values,
    )
  if (typeof template !== 'object' || template === null) return { known: true, value: template, labels: [] }
  const keys = Object.keys(template)
  return gather(
    Object.values(template).map((item) => evaluate(item, scope)),
    (values) => record(keys, values),
  )
}

/** See {@link Plans.test} in types.ts. */
export function test(condition: string | boolean, scope: Scope): Evaluated {
  if (typeof condition === 'boolean') return { known: true, value: condition, labels: [] }
  const result = evaluate(condition, scope)
  if (!result.known || typeof result.value === 'boolean') return result
  throw failed(
    condition,
    `a condition is true or false, this one is ${JSON.stringify(result.value)?.slice(0, 80)}: compare it with something`,
  )
}

function gather(parts: readonly Evaluated[], build: (values: unknown[]) => unknown): Evaluated {
  const labels = joinLabels(...parts.map((part) => part.labels))
  const values: unknown[] = []
  for (const part of parts) {
    if (!part.known) return { known: false, labels }
    values.push(part.value)
  }
  return { known: true, value: build(values), labels }
}

/** A record that may hold any key, `__proto__` too, as plain data. */
function record(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]))
}

function evaluateText(text: string, scope: Scope): Evaluated {
  const template = compileTemplate(text)
  if (!template) return { known: true, value: text, labels: [] }
  if (!template.ok) throw failed(text, template.faults[0]?.message ?? 'it cannot be read')
  const labels = joinLabels(...template.expressions.flatMap((expression) => labelsOf(expression.references, scope)))
  if (template.whole) return { ...run(template.whole, scope), labels }
  let written = ''
  let known = true
  for (const part of template.parts) {
    const result = typeof part === 'string' ? { known: true as const, value: part } : run(part, scope)
    if (!result.known) known = false
    written += result.known ? asText(result.value, part) : '*'
  }
  return known ? { known, value: written, labels } : { known: false, labels, pattern: written }
}

type Result = { known: true; value: unknown } | { known: false }

/** Runs one expression. An error after an unknown was read is unknown too: what failed may not fail once it is known. */
function run(expression: Expression, scope: Scope): Result {
  const reader: Reader = { sawUnknown: false }
  const context = contextOf(scope, reader)
  let value: unknown
  try {
    value = leave(expression.run(context))
  } catch (error) {
    if (reader.sawUnknown || error instanceof UnknownRead) return { known: false }
    throw failed(expression.source, explain(error, expression, scope), error)
  } finally {
    context.release()
  }
  return isUnknown(value) ? { known: false } : { known: true, value }
}

/** The scope as CEL's context. A loop variable hides nothing: the checker refuses one named like a root. */
function contextOf(scope: Scope, reader: Reader): Context {
  const valueOf = (entry: unknown) => (entry as Labelled).value // every entry of a scope is Labelled
  const roots = { inputs: new RecordView(scope.inputs, reader, valueOf), steps: new RecordView(scope.steps, reader, valueOf) }
  return new Context(roots, scope.vars, reader)
}

class Context extends Map<string, unknown> {
  #roots: Readonly<Record<string, RecordView>>
  #variables: Readonly<Record<string, Labelled>>
  readonly #reader: Reader

  constructor(roots: Readonly<Record<string, RecordView>>, variables: Readonly<Record<string, Labelled>>, reader: Reader) {
    super()
    this.#roots = roots
    this.#variables = variables
    this.#reader = reader
  }

  /** Lets go of the scope: CEL keeps its last context as long as the compiled expression lives. */
  release(): void {
    this.#roots = {}
    this.#variables = {}
  }

  override get(name: string): unknown {
    if (Object.hasOwn(this.#roots, name)) return this.#roots[name]
    if (Object.hasOwn(this.#variables, name)) return enter(this.#variables[name]?.value, this.#reader)
    return undefined
  }
}

/** The labels of all that the expressions in a template read, whether they can be evaluated or not. */
export function labelsRead(template: unknown, scope: Scope): Labels {
  if (typeof template === 'string') {
    const compiled = compileTemplate(template)
    return compiled?.ok ? joinLabels(...compiled.expressions.flatMap((expression) => labelsOf(expression.references, scope))) : []
  }
  if (typeof template !== 'object' || template === null) return []
  return joinLabels(...Object.values(template).map((part) => labelsRead(part, scope)))
}

/** The labels of all that these references read; a root read whole joins everything under it. */
function labelsOf(references: readonly Reference[], scope: Scope): Labels[] {
  return references.flatMap(({ root, key }) => {
    if (root !== 'inputs' && root !== 'steps') return Object.hasOwn(scope.vars, root) ? [scope.vars[root]?.labels ?? []] : []
    const entries = scope[root]
    if (key === undefined) return Object.values(entries).map((entry) => entry.labels)
    return Object.hasOwn(entries, key) ? [entries[key]?.labels ?? []] : []
  })
}

/** A value inside text: texts as they are, numbers and booleans as written, lists and records as JSON; null is an error, for it would vanish unseen. */
function asText(value: unknown, part: string | Expression): string {
  if (typeof value === 'string') return value
  if (value !== null) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  const source = typeof part === 'string' ? part : part.source
  throw failed(source, `it is null and cannot be put into text: write \`default(${source}, '')\``)
}

function explain(error: unknown, expression: Expression, scope: Scope): string {
  const { code, node } = error as { code?: string; node?: Node } // CEL errors carry both, others neither
  if (code !== 'no_such_key' || !node) return reasonOf(error, expression.source)
  const skipped = skippedStep(node, scope)
  if (skipped)
    return `step ${skipped} was skipped or went on after a failure, so it has no output: test it with \`steps.${skipped} != null\` or use default(…, …)`
  const left = childrenOf(node)[0]
  const key = literalKey(node)
  return left && key !== undefined
    ? `\`${sourceOf(left).trim()}\` has no \`${key}\`, or is null: check the name, or use default(…, …)`
    : reasonOf(error, expression.source)
}

/** The id of the step whose null output a selection stumbled over. */
function skippedStep(node: Node, scope: Scope): string | undefined {
  const left = childrenOf(node)[0]
  if (!left) return undefined
  const key = literalKey(node)
  if (left.op === 'id' && left.args === 'steps' && key !== undefined && Object.hasOwn(scope.steps, key) && scope.steps[key]?.value === null)
    return key
  return skippedStep(left, scope)
}

function failed(source: string, message: string, cause?: unknown): LifeOsError {
  return new LifeOsError('expression-failed', `The expression \`${source.trim().slice(0, 200)}\` failed: ${message}.`, {
    details: { expression: source.trim() },
    applied: 'no',
    cause,
  })
}
