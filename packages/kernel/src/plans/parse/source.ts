import type { PlanFault } from '@life-os/contract'
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument, visit, type Document, type Node, type Scalar } from 'yaml'
import { cutTemplate, hasExpression } from '../expressions/template.ts'
import { MOST_DEPTH, MOST_NODES, MOST_TOKENS } from './limits.ts'

export type Place = { line: number; column: number }
export interface Source {
  data: unknown
  positions: Map<string, Place>
  faults: PlanFault[]
}

/** YAML or JSON text as data, with the place of each value, of each key (`path#key`) and of each expression (`path#offset`). */
export function readSource(text: string): Source {
  const early = tooNested(text)
  if (early) return { data: undefined, positions: new Map(), faults: [early] }
  const lines = new LineCounter()
  let document: Document.Parsed
  try {
    document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'silent',
    })
  } catch (error) {
    return {
      data: undefined,
      positions: new Map(),
      faults: [explodes(error instanceof RangeError ? 'it is nested too deeply' : 'it cannot be read')],
    }
  }
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const faults = [...document.errors, ...document.warnings].slice(0, 50).map((error): PlanFault =>
    error.code === 'RESOURCE_EXHAUSTION'
      ? explodes('it is nested too deeply')
      : {
          code: error.code === 'DUPLICATE_KEY' ? 'key-duplicate' : 'yaml-invalid',
          message: `The text cannot be read as YAML: ${error.message.split('\n')[0] ?? ''}.`,
          path: '',
          ...place(error.pos[0]),
        },
  )
  if (faults.length > 0) return { data: undefined, positions: new Map(), faults }
  const reader = new Reader(text, document, place)
  return { data: reader.read(), positions: reader.positions, faults: reader.faults }
}

const explodes = (reason: string, where: Place = { line: 1, column: 1 }): PlanFault => ({
  code: 'plan-explodes',
  message: `This plan is refused: ${reason}. Write it flatter or split it into sub-plans.`,
  path: '',
  ...where,
})

/** Looks at the tokens alone, in one pass, since the composer takes long over what is nested without end. */
function tooNested(text: string): PlanFault | undefined {
  let depth = 0
  let onLine = 0
  let tokens = 0
  for (const token of new Lexer().lex(text)) {
    tokens += 1
    if (tokens > MOST_TOKENS) return explodes('it has too many parts')
    if (token === '[' || token === '{') depth += 1
    else if (token === ']' || token === '}') depth -= 1
    else if (token === '-' || token === '?') onLine += 1
    else if (token.startsWith('\n') || token.startsWith('\r')) onLine = 0
    if (depth > MOST_DEPTH || onLine > MOST_DEPTH) return explodes('it is nested too deeply')
  }
  return undefined
}

/** Turns a document into data, aliases copied out. Stops with `plan-explodes` before that grows without end. */
class Reader {
  readonly positions = new Map<string, Place>()
  readonly faults: PlanFault[] = []
  readonly #text: string
  readonly #document: Document.Parsed
  readonly #place: (offset: number) => Place
  #left = MOST_NODES
  readonly #open = new Set<Node>()
  readonly #anchors = new Map<string, Node>()

  constructor(text: string, document: Document.Parsed, place: (offset: number) => Place) {
    this.#text = text
    this.#document = document
    this.#place = place
  }

  read(): unknown {
    this.positions.set('', { line: 1, column: 1 })
    visit(this.#document, { Value: (_, node) => this.#anchor(node) })
    if (this.faults.length > 0) return undefined
    return this.#value(this.#document.contents, '', 0)
  }

  #anchor(node: Node & { anchor?: string }): void {
    if (node.anchor === undefined) return
    if (this.#anchors.has(node.anchor))
      this.faults.push({
        code: 'yaml-invalid',
        message: `The anchor &${node.anchor} is set twice: give each its own name.`,
        path: '',
        ...this.#place(node.range?.[0] ?? 0),
      })
    this.#anchors.set(node.anchor, node)
  }

  #value(node: Node | null, path: string, depth: number): unknown {
    if (node === null) return null
    const place = this.#place(node.range?.[0] ?? 0)
    if (path !== '') this.positions.set(path, place)
    this.#left -= 1
    if (this.#left < 0 || depth > MOST_DEPTH)
      return this.#explode(this.#left < 0 ? 'its aliases make it too large' : 'it is nested too deeply', path, place)
    if (isAlias(node)) return this.#alias(this.#anchors.get(node.source), path, depth, place)
    if (isScalar(node)) return this.#scalar(node, path, place)
    if (isSeq(node)) return node.items.map((item, index) => this.#value(item as Node | null, below(path, index), depth + 1)) // a parsed document holds nodes only
    return isMap(node) ? this.#record(node.items as { key: Node; value: Node | null }[], path, depth) : null // the same
  }

  #explode(reason: string, path: string, place: Place): null {
    if (!this.faults.some((fault) => fault.code === 'plan-explodes')) this.faults.push({ ...explodes(reason, place), path })
    return null
  }

  #alias(target: Node | undefined, path: string, depth: number, place: Place): unknown {
    if (!target || this.#open.has(target)) return this.#explode('an alias contains itself', path, place)
    this.#open.add(target)
    const value = this.#value(target, path, depth + 1)
    this.#open.delete(target)
    this.positions.set(path, place)
    return value
  }

  #record(items: readonly { key: Node; value: Node | null }[], path: string, depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>()
    for (const { key, value } of items) {
      const name = isScalar(key) ? String(key.value) : ''
      const at = below(path, name)
      const place = this.#place(key.range?.[0] ?? 0)
      if (entries.has(name))
        this.faults.push({ code: 'key-duplicate', message: `\`${name}\` stands here twice: keep one.`, path: at, ...place })
      if (name === '__proto__')
        this.faults.push({ code: 'key-forbidden', message: 'A plan has no key `__proto__`: remove it.', path: at, ...place })
      this.positions.set(at, place)
      entries.set(name, this.#value(value, at, depth + 1))
      this.positions.set(`${at}#key`, place)
      if (this.faults.length > 100 || this.#left < 0) break
    }
    return Object.fromEntries(entries)
  }

  #scalar(node: Scalar, path: string, place: Place): unknown {
    const { value } = node
    const unsafe = typeof value === 'number' ? unsafeNumber(value) : undefined
    if (unsafe) this.faults.push({ code: 'number-unsafe', message: unsafe, path, ...place })
    if (typeof value === 'string' && hasExpression(value)) this.#expressions(node, value, path)
    return value
  }

  /** The place of each expression, found again in the raw text; where quoting changed it, the value's own place serves. */
  #expressions(node: Scalar, value: string, path: string): void {
    const cut = cutTemplate(value)
    const [start, end] = node.range ?? [0, 0]
    if (!cut.ok || this.positions.size > MOST_NODES) return
    let from = start
    for (const piece of cut.pieces) {
      if (piece.kind === 'text') continue
      const firstLine = piece.source.split('\n', 1)[0] ?? ''
      const found = this.#text.indexOf(`\${{${firstLine}`, from)
      if (found < 0 || found >= end) return
      this.positions.set(`${path}#${piece.at}`, this.#place(found + 3))
      from = found + 3
    }
  }
}

/** Why a number cannot stand in a plan; undefined when it can. Printing such a one and reading it back could change it. */
export function unsafeNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'This is no number that can be kept: write a finite one, or text in quotes.'
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? 'This whole number has more digits than can be kept exactly: write it as text, in quotes.'
    : undefined
}

const below = (path: string, key: string | number): string => (path === '' ? String(key) : `${path}.${key}`)
