import { comprehensionOf, literalKey, sourceOf, type Comprehension, type Node } from '../expressions/ast.ts'
import type { Expression } from '../expressions/compile.ts'
import { MATCHES } from '../expressions/functions.ts'
import { fits, incomparable, literal } from './compare.ts'
import { signaturesOf, type Signature } from './signatures.ts'
import { BOOL, describe, DYN, INT, isNumeric, join, listOf, NUMBER, recordOf, TEXT, type Type } from './types.ts'
import { didYouMean, some } from './words.ts'

export interface TypeFault {
  code: string
  message: string
  /** offset in the expression */ at: number
}

/** What the names of an expression mean at its place in the plan. */
export interface TypeScope {
  inputs: Type
  step(id: string): { type: Type } | { code: string; message: string }
  variable(name: string): Type | undefined
  names(): readonly string[]
}

/** CEL's names of types, which `type(x) == int` compares with. */
const CONSTANTS = new Set(['string', 'bool', 'int', 'uint', 'double', 'map', 'list', 'bytes', 'null_type', 'type'])

/** The type of an expression at a place, and all that can never work there. What shows only in a run is no fault. */
export function infer(expression: Expression, scope: TypeScope): { type: Type; faults: readonly TypeFault[] } {
  const inference = new Inference(scope)
  const type = inference.type(expression.ast, new Map())
  return { type, faults: inference.faults }
}

type Bound = ReadonlyMap<string, Type>

class Inference {
  readonly faults: TypeFault[] = []
  readonly #scope: TypeScope
  /** Inside `has` and `default` a missing field is the question, not a fault. */
  #lenient = 0

  constructor(scope: TypeScope) {
    this.#scope = scope
  }

  type(node: Node, bound: Bound): Type {
    const comprehension = comprehensionOf(node)
    if (comprehension) return this.#comprehension(comprehension, bound)
    switch (node.op) {
      case 'value':
        return literal(node.args)
      case 'id':
        return this.#name(node, bound)
      case '.':
      case '[]':
      case '.?':
      case '[?]':
        return this.#selection(node, bound)
      case 'call':
        return this.#call(node, bound)
      case 'rcall':
        return this.#method(node, bound)
      case 'list':
        return listOf(join(node.args.map((item) => this.type(item, bound))))
      case 'map':
        return this.#record(node.args, bound)
      case '?:': {
        this.#condition(node.args[0], bound)
        return join([this.type(node.args[1], bound), this.type(node.args[2], bound)])
      }
      case '||':
      case '&&':
        for (const side of node.args) this.#condition(side, bound)
        return BOOL
      case '!_':
        this.#condition(node.args, bound)
        return BOOL
      case '-_':
        return this.#arithmetic(node, [this.type(node.args, bound)], '-')
      case '==':
      case '!=':
        return this.#equality(node, bound)
      case 'in':
        return this.#membership(node, bound)
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#order(node, bound)
      default:
        return this.#arithmetic(
          node,
          node.args.map((side) => this.type(side, bound)),
          node.op,
        )
    }
  }

  #fault(node: Node, message: string, code = 'type-mismatch'): Type {
    this.faults.push({ code, message, at: node.start })
    return DYN
  }

  #name(node: Node & { op: 'id' }, bound: Bound): Type {
    const name = node.args
    const found = bound.get(name) ?? this.#scope.variable(name)
    if (found) return found
    if (name === 'inputs') return this.#scope.inputs
    if (name === 'steps')
      return this.#fault(
        node,
        'name the step that is read, such as `steps.scan`: the order of steps follows from it',
        'expression-forbidden',
      )
    if (CONSTANTS.has(name)) return { kind: 'type' }
    const names = ['inputs', 'steps', ...this.#scope.names()]
    return this.#fault(
      node,
      `there is no \`${name}\` here${didYouMean(name, names) || ` (known are ${some(names)})`}`,
      'expression-invalid',
    )
  }

  #selection(node: Node & { op: '.' | '[]' | '.?' | '[?]' }, bound: Bound): Type {
    const left = node.args[0]
    const key = literalKey(node)
    if (left.op === 'id' && left.args === 'steps' && !bound.has('steps')) {
      if (key === undefined) return this.#name(left, bound)
      const step = this.#scope.step(key)
      return 'type' in step ? step.type : this.#fault(node, step.message, step.code)
    }
    const of = this.type(left, bound)
    const index = node.op === '[]' || node.op === '[?]' ? this.type(node.args[1], bound) : TEXT
    switch (of.kind) {
      case 'dyn':
        return DYN
      case 'list':
        return isNumeric(index) || index.kind === 'dyn'
          ? of.of
          : this.#fault(node, `\`${sourceOf(left)}\` is ${describe(of)}: take an element by its number, such as [0], or use map(…)`)
      case 'map':
        return of.of
      case 'record':
        return key === undefined ? DYN : this.#field(node, of, key, left)
      default:
        return this.#fault(node, `\`${sourceOf(left)}\` is ${describe(of)} and has no fields`)
    }
  }

  #field(node: Node, record: Type & { kind: 'record' }, key: string, left: Node): Type {
    const type = record.fields.get(key)
    if (type) return type
    if (record.open || this.#lenient > 0) return DYN
    const code = left.op === 'id' && left.args === 'inputs' ? 'input-unknown' : 'type-mismatch'
    return this.#fault(
      node,
      `\`${sourceOf(left)}\` has no \`${key}\`${didYouMean(key, record.fields.keys()) || ` (it has ${some(record.fields.keys())})`}`,
      code,
    )
  }

  #condition(node: Node, bound: Bound): void {
    const type = this.type(node, bound)
    if (type.kind !== 'bool' && type.kind !== 'dyn')
      this.#fault(node, `\`${sourceOf(node)}\` is ${describe(type)} where true or false is expected: compare it with something`)
  }

  #comprehension({ name, receiver, variable, body }: Comprehension, bound: Bound): Type {
    const over = this.type(receiver, bound)
    if (over.kind !== 'list' && over.kind !== 'dyn' && over.kind !== 'map' && over.kind !== 'record')
      this.#fault(receiver, `\`${sourceOf(receiver)}\` is ${describe(over)}: \`${name}\` works on lists and records`)
    const item = over.kind === 'list' ? over.of : over.kind === 'dyn' ? DYN : TEXT
    const inner = new Map(bound).set(variable, item)
    const conditions = name === 'map' ? body.slice(0, -1) : body
    for (const condition of conditions) this.#condition(condition, inner)
    const last = body.at(-1)
    if (name === 'map') return listOf(last ? this.type(last, inner) : DYN)
    return name === 'filter' ? listOf(item) : BOOL
  }

  #call(node: Node & { op: 'call' }, bound: Bound): Type {
    const [name, parameters] = node.args
    const [first, second] = parameters
    if (name === 'has' && first) return this.#leniently(() => (this.type(first, bound), BOOL))
    if (name === 'default' && first && second) {
      const value = this.#leniently(() => this.type(first, bound))
      const other = this.type(second, bound)
      return join([value.kind === 'null' ? other : { ...value, nullable: false }, other])
    }
    const types = parameters.map((parameter) => this.type(parameter, bound))
    if (name === 'dyn') return DYN
    return this.#returned(node, name, signaturesOf(name, false), undefined, types)
  }

  #method(node: Node & { op: 'rcall' }, bound: Bound): Type {
    const [name, receiver, parameters] = node.args
    const of = this.type(receiver, bound)
    const types = parameters.map((parameter) => this.type(parameter, bound))
    return this.#returned(node, name === MATCHES ? 'matches' : name, signaturesOf(name, true), of, types)
  }

  #returned(node: Node, name: string, signatures: readonly Signature[], of: Type | undefined, types: readonly Type[]): Type {
    if (signatures.length === 0) return this.#fault(node, `there is no ${of ? 'method' : 'function'} \`${name}\``, 'expression-invalid')
    const fitting = signatures.filter(
      (signature) =>
        signature.parameters.length === types.length &&
        (!of || !signature.receiver || fits(of, signature.receiver)) &&
        types.every((type, index) => fits(type, signature.parameters[index] ?? DYN)),
    )
    if (fitting.length > 0) return join(fitting.map((signature) => signature.returns))
    const given = types.map(describe).join(' and ') || 'nothing'
    return this.#fault(node, `\`${name}\` cannot take ${of ? `${describe(of)} with ${given}` : given}`)
  }

  #leniently<T>(work: () => T): T {
    this.#lenient += 1
    try {
      return work()
    } finally {
      this.#lenient -= 1
    }
  }

  #record(entries: readonly (readonly [Node, Node])[], bound: Bound): Type {
    const fields = entries.map(([key, value]) => [key, this.type(key, bound), this.type(value, bound)] as const)
    if (fields.every(([key]) => key.op === 'value' && typeof key.args === 'string'))
      return recordOf(fields.map(([key, , type]) => [String(key.args), type] as const))
    return { kind: 'map', of: join(fields.map(([, , type]) => type)) }
  }

  #equality(node: Node & { op: '==' | '!=' }, bound: Bound): Type {
    const [left, right] = [this.type(node.args[0], bound), this.type(node.args[1], bound)]
    if (left.kind === 'null' || right.kind === 'null' || !incomparable(left, right)) return BOOL
    this.#fault(node, `${describe(left)} and ${describe(right)} are never equal: compare values of one kind`)
    return BOOL
  }

  #membership(node: Node & { op: 'in' }, bound: Bound): Type {
    const [item, container] = [this.type(node.args[0], bound), this.type(node.args[1], bound)]
    if (container.kind === 'text')
      this.#fault(node, `\`in\` looks into lists and records: for a text write ${sourceOf(node.args[1])}.contains(…)`)
    else if (!['list', 'map', 'record', 'dyn'].includes(container.kind))
      this.#fault(node, `\`in\` looks into lists and records, not into ${describe(container)}`)
    else if (container.kind === 'list' && item.kind !== 'null' && incomparable(item, container.of))
      this.#fault(node, `${describe(item)} is never in ${describe(container)}`)
    return BOOL
  }

  #order(node: Node & { op: '<' | '<=' | '>' | '>=' }, bound: Bound): Type {
    const [left, right] = [this.type(node.args[0], bound), this.type(node.args[1], bound)]
    const orderable = ['int', 'number', 'text', 'bool', 'time', 'span', 'dyn']
    for (const type of [left, right])
      if (!orderable.includes(type.kind)) this.#fault(node, `${describe(type)} has no order: compare numbers or texts`)
    if (orderable.includes(left.kind) && orderable.includes(right.kind) && incomparable(left, right))
      this.#fault(node, `${describe(left)} and ${describe(right)} have no common order: compare values of one kind`)
    return BOOL
  }

  #arithmetic(node: Node, types: readonly Type[], operator: string): Type {
    const [left, right] = types
    if (!left) return DYN
    const unlike = (): Type =>
      this.#fault(
        node,
        `\`${operator}\` does not take ${types.map(describe).join(' and ')}${operator === '+' && types.some((type) => type.kind === 'text') ? ': turn the other into text with string(…)' : ''}`,
      )
    if (
      types.some(
        (type) => type.kind === 'null' || type.kind === 'bool' || type.kind === 'map' || type.kind === 'record' || type.kind === 'type',
      )
    )
      return unlike()
    if (types.some((type) => type.kind === 'dyn')) return DYN
    if (types.every(isNumeric)) return types.every((type) => type.kind === 'int') ? INT : NUMBER
    if (!right) return unlike()
    if (operator === '+' && left.kind === 'list' && right.kind === 'list') return listOf(join([left.of, right.of]))
    if (operator === '+' && left.kind === right.kind && (left.kind === 'text' || left.kind === 'bytes')) return left
    if ((operator === '+' || operator === '-') && [left.kind, right.kind].every((kind) => kind === 'time' || kind === 'span')) return DYN
    return unlike()
  }
}
