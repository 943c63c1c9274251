import { childrenOf, comprehensionOf, referencesOf, type Node, type Reference } from './ast.ts'
import { environment } from './environment.ts'
import { MATCHES } from './functions.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { pattern } from './patterns.ts'
import { cutTemplate, hasExpression, wholeExpression } from './template.ts'

export type ExpressionFault = {
  code: 'expression-invalid' | 'expression-forbidden'
  message: string
  /** offset of the expression in its template */ expression: number
  /** offset in the expression */ at: number
}
export interface Expression {
  source: string
  /** Offset of the source in its template. */
  at: number
  ast: Node
  references: readonly Reference[]
  run(scope: ReadonlyMap<string, unknown>): unknown
}
export type Part = string | Expression
export type Template =
  | {
      ok: true
      parts: readonly Part[]
      /** set when the template is this one expression */ whole: Expression | undefined
      expressions: readonly Expression[]
    }
  | { ok: false; faults: readonly ExpressionFault[] }

/** Compiled templates by their text. A cache of pure results, bounded, so sharing it between instances is unseen. */
const cache = new Map<string, Template>()

/** Compiles a text that may hold `${{ … }}`; undefined when it holds none. Each text is compiled once. */
export function compileTemplate(text: string): Template | undefined {
  if (!hasExpression(text)) return undefined
  const known = cache.get(text)
  if (known) return known
  const fresh = compile(text)
  if (text.length <= 2 * EXPRESSION_LIMITS.length) {
    if (cache.size >= EXPRESSION_LIMITS.cached) cache.delete(cache.keys().next().value ?? '')
    cache.set(text, fresh)
  }
  return fresh
}

function compile(text: string): Template {
  const cut = cutTemplate(text)
  if (!cut.ok) return { ok: false, faults: [{ code: 'expression-invalid', message: cut.message, expression: cut.at, at: 0 }] }
  const whole = wholeExpression(cut.pieces)
  const faults: ExpressionFault[] = []
  const parts: Part[] = []
  for (const piece of whole ? [whole] : cut.pieces) {
    if (piece.kind === 'text') parts.push(piece.text)
    else {
      const made = compileExpression(piece.source, piece.at)
      if (Array.isArray(made)) faults.push(...made)
      else parts.push(made)
    }
  }
  if (faults.length > 0) return { ok: false, faults }
  const expressions = parts.filter((part) => typeof part !== 'string')
  return { ok: true, parts, whole: whole && expressions[0], expressions }
}

function compileExpression(source: string, at: number): Expression | ExpressionFault[] {
  const invalid = (message: string, offset = 0): ExpressionFault[] => [{ code: 'expression-invalid', message, expression: at, at: offset }]
  if (source.trim() === '') return invalid('the expression is empty: write one between ${{ and }}')
  if (source.length > EXPRESSION_LIMITS.length)
    return invalid(`the expression is longer than ${EXPRESSION_LIMITS.length} characters: move parts of it into \`set\` steps`)
  try {
    const parsed = environment().parse(source)
    const rules = new Rules(parsed.ast)
    if (rules.faults.length > 0) return rules.faults.map((fault) => ({ ...fault, expression: at }))
    const checked = parsed.check()
    if (!checked.valid) return invalid(reasonOf(checked.error, source), checked.error?.range?.start)
    return {
      source: source.trim(),
      at,
      ast: parsed.ast,
      references: referencesOf(parsed.ast),
      run: (scope) => {
        rules.begin()
        try {
          return parsed(scope as unknown as Record<string, unknown>) // CEL takes a Map too; its types do not say so
        } finally {
          rules.forget()
        }
      },
    }
  } catch (error) {
    return invalid(reasonOf(error, source), (error as { range?: { start?: number } }).range?.start) // CEL errors carry a range
  }
}

/** A CEL error in words a plan's author can act on. */
export function reasonOf(error: unknown, source: string): string {
  if (error instanceof RangeError) return `\`${source.trim().slice(0, 60)}…\` is nested too deeply: move parts of it into \`set\` steps`
  const { code, summary } = error as { code?: string; summary?: string } // CEL errors carry both, others neither
  if (code === 'limit_exceeded') return `\`${source.trim().slice(0, 60)}…\` is too large (${summary}): move parts of it into \`set\` steps`
  const reason = summary ?? (error instanceof Error ? error.message : String(error))
  const hint = code === 'incompatible_ternary_branches' ? ' (write dyn(…) around one of them to allow both)' : ''
  return `\`${source.trim()}\` cannot be used: ${reason}${hint}`
}

/** The comprehension node that a macro became, as far as this module needs it; CEL's types hide it. */
interface Expanded {
  meta: { alternate?: { args: Turning } }
}
interface Turning {
  condition?: ((result: unknown) => boolean) | undefined
  iterCtx?: { accuValue: unknown; iterValue: unknown }
}

/** The language's own rules over a parsed expression. Also turns `matches` to RE2 and counts the turns of comprehensions. */
class Rules {
  readonly faults: Omit<ExpressionFault, 'expression'>[] = []
  readonly #comprehensions: Turning[] = []
  #turnsLeft = 0

  constructor(ast: Node) {
    this.#visit(ast, 0)
  }

  begin(): void {
    this.#turnsLeft = EXPRESSION_LIMITS.turns
  }

  /** CEL keeps what its loops last saw; in a cached expression that would keep a run's data alive. */
  forget(): void {
    for (const { iterCtx } of this.#comprehensions) if (iterCtx) Object.assign(iterCtx, { accuValue: undefined, iterValue: undefined })
  }

  #visit(node: Node, depth: number): void {
    const comprehension = comprehensionOf(node)
    if (comprehension) {
      if (depth >= EXPRESSION_LIMITS.comprehensions)
        this.#forbid(node, `\`${comprehension.name}\` is nested more than twice: give the inner list to a \`set\` step or an \`each\``)
      this.#countTurns(node)
      this.#visit(comprehension.receiver, depth)
      for (const part of comprehension.body) this.#visit(part, depth + 1)
      return
    }
    if (node.op === 'call') this.#call(node)
    if (node.op === 'rcall') this.#method(node)
    for (const child of childrenOf(node)) this.#visit(child, depth)
  }

  #call(node: Node & { op: 'call' }): void {
    if (node.args[0] === 'matches')
      this.#forbid(node, 'the function `matches` backtracks: write `text.matches(pattern)`, which takes RE2 patterns')
  }

  #method(node: Node & { op: 'rcall' }): void {
    const [name, receiver, parameters] = node.args
    if (name === 'bind' && receiver.op === 'id' && receiver.args === 'cel')
      this.#forbid(node, '`cel.bind` is not part of the plan language: put the value into a `set` step')
    if (name !== 'matches' || parameters.length !== 1) return
    const tuple: unknown[] = node.args
    tuple[0] = MATCHES
    const literal = parameters[0]
    if (literal?.op !== 'value' || typeof literal.args !== 'string') return
    try {
      pattern(literal.args)
    } catch (error) {
      this.faults.push({ code: 'expression-invalid', message: (error as Error).message, at: literal.start }) // pattern() throws Errors only
    }
  }

  /** A comprehension asks its condition before each turn; that is where a runaway one is stopped. */
  #countTurns(node: Node): void {
    const parts = (node as unknown as Expanded).meta.alternate?.args
    if (!parts) return
    this.#comprehensions.push(parts)
    const original = parts.condition
    parts.condition = (result) => {
      this.#turnsLeft -= 1
      if (this.#turnsLeft < 0) throw new Error(`it turns more than ${EXPRESSION_LIMITS.turns} times: use an \`each\` step`)
      return original ? original(result) : true
    }
  }

  #forbid(node: Node, message: string): void {
    this.faults.push({ code: 'expression-forbidden', message, at: node.start })
  }
}
