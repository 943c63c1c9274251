/**
 * Reads the JSON that small models write: trailing or missing commas, single quotes, bare keys, Python's True and None,
 * comments, line ends inside strings, brackets left open at the end. Never runs anything, and never guesses a value.
 */
export interface Loose {
  value: unknown
  /** The place after it. */
  end: number
  /** The text ended before its brackets or quotes did. */
  open: boolean
}

const DEEPEST = 64
const WORDS: Record<string, unknown> = { true: true, false: false, null: null, True: true, False: false, None: null, undefined: null }
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
const UNREADABLE: unique symbol = Symbol('unreadable')

class Reader {
  readonly text: string
  at: number
  open = false
  constructor(text: string, at: number) {
    this.text = text
    this.at = at
  }
  get next(): string {
    return this.text[this.at] ?? ''
  }
  /** Past blanks and comments. */
  skip(): void {
    const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
    blank.lastIndex = this.at
    this.at += blank.exec(this.text)?.[0].length ?? 0
  }
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }
}

/** The value that begins at a place; null where none can be read. */
export function readLoose(text: string, start = 0): Loose | null {
  const reader = new Reader(text, start)
  const value = readValue(reader, 0)
  return value === UNREADABLE ? null : { value, end: reader.at, open: reader.open }
}

function readValue(reader: Reader, depth: number): unknown {
  reader.skip()
  if (depth > DEEPEST) return UNREADABLE
  switch (reader.next) {
    case '{':
      return readObject(reader, depth)
    case '[':
      return readList(reader, depth)
    case '"':
    case "'":
      return readString(reader)
    default:
      return readPlain(reader)
  }
}

function readPlain(reader: Reader): unknown {
  const number = reader.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (number !== '') return Number(number)
  const word = reader.match(/[A-Za-z]+/y)
  return Object.hasOwn(WORDS, word) ? WORDS[word] : UNREADABLE
}

function readObject(reader: Reader, depth: number): unknown {
  const entries: [string, unknown][] = []
  reader.at++
  while (!ends(reader, '}')) {
    const key = readKey(reader)
    if (key === UNREADABLE) return UNREADABLE
    if (reader.open) break // a key without its value says nothing
    const value = readValue(reader, depth + 1)
    if (value === UNREADABLE) return UNREADABLE
    entries.push([key, value])
  }
  // fromEntries defines `__proto__` as a plain field.
  return Object.fromEntries(entries)
}

/** A key with its colon. */
function readKey(reader: Reader): string | typeof UNREADABLE {
  const quoted = reader.next === '"' || reader.next === "'"
  const key = quoted ? readString(reader) : reader.match(/[A-Za-z_$][\w$-]*/y)
  if (key === '' && !quoted) return UNREADABLE
  reader.skip()
  if (reader.next !== '' && reader.next !== ':') return UNREADABLE
  reader.at++
  reader.skip()
  if (reader.next === '') reader.open = true
  return key
}

function readList(reader: Reader, depth: number): unknown {
  const values: unknown[] = []
  reader.at++
  while (!ends(reader, ']')) {
    const value = readValue(reader, depth + 1)
    if (value === UNREADABLE) return UNREADABLE
    values.push(value)
  }
  return values
}

/** Past commas; true at the closing bracket, which is taken, and at the end of the text, which is noted. */
function ends(reader: Reader, bracket: string): boolean {
  reader.skip()
  while (reader.next === ',') {
    reader.at++
    reader.skip()
  }
  if (reader.next === '') return (reader.open = true)
  if (reader.next !== bracket) return false
  reader.at++
  return true
}

function readString(reader: Reader): string {
  const quote = reader.next
  let value = ''
  for (reader.at++; reader.next !== quote; reader.at++) {
    if (reader.next === '') {
      reader.open = true
      return value
    }
    value += reader.next === '\\' ? readEscape(reader) : reader.next
  }
  reader.at++
  return value
}
function readEscape(reader: Reader): string {
  reader.at++
  const code = /u([0-9a-fA-F]{4})/y
  code.lastIndex = reader.at
  const digits = code.exec(reader.text)?.[1]
  if (digits === undefined) return ESCAPES[reader.next] ?? reader.next
  reader.at += 4
  return String.fromCharCode(Number.parseInt(digits, 16))
}
