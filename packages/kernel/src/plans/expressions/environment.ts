import { Environment } from '@marcbachmann/cel-js'
import { EXPRESSION_LIMITS } from './limits.ts'
import type { Node } from './ast.ts'
import { PLAN_FUNCTIONS } from './functions.ts'
import { UnknownRead } from './unknown.ts'

/** What CEL hands to a macro; its own types leave it open. */
interface Macro {
  value: Node
  other: Node
}
interface Checker {
  check(node: Node, context: unknown): { kind: string }
  getType(name: string): unknown
}
interface Runner {
  run(node: Node, context: unknown): unknown
}

/** Numbers of JSON may be whole or not, so the arithmetic of int and double mixes. */
const MIXED: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
}

let shared: Environment | undefined

/** The one CEL environment: variables are open, functions are those of CEL and {@link PLAN_FUNCTIONS}. Made at first use. */
export function environment(): Environment {
  shared ??= create()
  return shared
}

function create(): Environment {
  const made = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: EXPRESSION_LIMITS.nodes,
      maxDepth: EXPRESSION_LIMITS.depth,
      maxListElements: 500,
      maxMapEntries: 500,
      maxCallArguments: 8,
    },
  })
  for (const { signature, description, run } of PLAN_FUNCTIONS) made.registerFunction(signature, run, { description, async: false })
  for (const [operator, compute] of Object.entries(MIXED)) {
    const mixed = (left: unknown, right: unknown) => compute(Number(left), Number(right))
    made.registerOperator(`int ${operator} double: double`, mixed)
    made.registerOperator(`double ${operator} int: double`, mixed)
  }
  made.registerFunction('default(ast, ast): dyn', defaultMacro, {
    description: 'the first value, or the second where the first is null or missing',
    async: false,
  })
  return made
}

/** `default(x, y)`: y where x is null or a key on the way to it is missing. An unknown x stays unknown. */
function defaultMacro({ args }: { args: [Node, Node] }) {
  return {
    value: args[0],
    other: args[1],
    async: false,
    typeCheck(checker: Checker, macro: Macro, context: unknown) {
      checker.check(macro.value, context)
      checker.check(macro.other, context)
      return checker.getType('dyn')
    },
    evaluate(runner: Runner, macro: Macro, context: unknown) {
      let value: unknown
      try {
        value = runner.run(macro.value, context)
      } catch (error) {
        if (error instanceof UnknownRead || (error as { code?: unknown }).code !== 'no_such_key') throw error // CEL errors carry a code
        value = null
      }
      return value ?? runner.run(macro.other, context)
    },
  }
}
