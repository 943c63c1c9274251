import type { ASTNode } from '@marcbachmann/cel-js'

export type Node = ASTNode

/** Comprehension macros and how many arguments each may have; the first is the variable's name. */
const COMPREHENSIONS: Readonly<Record<string, readonly number[]>> = { all: [2], exists: [2], exists_one: [2], map: [2, 3], filter: [2] }

export interface Comprehension {
  name: string
  receiver: Node
  variable: string
  body: readonly Node[]
}

/** The parts of a comprehension, or undefined when the node is none. */
export function comprehensionOf(node: Node): Comprehension | undefined {
  if (node.op !== 'rcall') return undefined
  const [name, receiver, parameters] = node.args
  const [variable, ...body] = parameters
  if (!Object.hasOwn(COMPREHENSIONS, name) || !COMPREHENSIONS[name]?.includes(parameters.length) || variable?.op !== 'id') return undefined
  return { name, receiver, variable: variable.args, body }
}

/** The direct children of a node, in source order; a comprehension's variable is not one. */
export function childrenOf(node: Node): readonly Node[] {
  const comprehension = comprehensionOf(node)
  if (comprehension) return [comprehension.receiver, ...comprehension.body]
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'list':
      return node.args
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}

/** The key of `x.key` or `x['key']`; undefined when it is computed or no selection. */
export function literalKey(node: Node): string | undefined {
  if (node.op === '.' || node.op === '.?') return node.args[1]
  if ((node.op === '[]' || node.op === '[?]') && node.args[1].op === 'value' && typeof node.args[1].args === 'string')
    return node.args[1].args
  return undefined
}

/** The source text of a node. */
export const sourceOf = (node: Node): string => node.input.slice(node.start, node.end)

/** What an expression reads: `inputs.folder` is `{ root: 'inputs', key: 'folder' }`; a root read whole or by a computed key has no key. */
export interface Reference {
  root: string
  key: string | undefined
  at: number
}

const KEYED = new Set(['inputs', 'steps'])

/** Every free variable of an expression, once for each place; variables of comprehensions are not free. */
export function referencesOf(root: Node): readonly Reference[] {
  const found: Reference[] = []
  visit(root, new Set())
  return found

  function visit(node: Node, bound: ReadonlySet<string>): void {
    if (node.op === 'id') {
      if (!bound.has(node.args)) found.push({ root: node.args, key: undefined, at: node.start })
      return
    }
    const key = literalKey(node)
    const left = key === undefined ? undefined : childrenOf(node)[0]
    if (key !== undefined && left?.op === 'id' && KEYED.has(left.args) && !bound.has(left.args)) {
      found.push({ root: left.args, key, at: node.start })
      return
    }
    const comprehension = comprehensionOf(node)
    if (!comprehension) {
      for (const child of childrenOf(node)) visit(child, bound)
      return
    }
    visit(comprehension.receiver, bound)
    const inner = new Set(bound).add(comprehension.variable)
    for (const part of comprehension.body) visit(part, inner)
  }
}
