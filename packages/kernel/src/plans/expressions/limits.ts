/** What an expression may cost at most. Generous for people, far below what would hold the process up. */
export const EXPRESSION_LIMITS = {
  /** Characters of one expression. */
  length: 8_192,
  /** Nodes of its syntax tree. */
  nodes: 1_500,
  /** Nesting of brackets, calls and selections. */
  depth: 60,
  /** Comprehensions (`map`, `filter`, `all`, `exists`, `exists_one`) inside each other. */
  comprehensions: 2,
  /** Turns of all comprehensions of one evaluation. */
  turns: 500_000,
  /** Characters of a text that a function makes. */
  text: 16_000_000,
  /** Compiled templates kept per process. */
  cached: 4_000,
} as const
