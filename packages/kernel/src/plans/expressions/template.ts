/** A text cut at its `${{ … }}`: literal pieces and the source of expressions, each with its offset in the text. */
export type Piece = { kind: 'text'; text: string } | { kind: 'expression'; source: string; at: number }
export type Cut = { ok: true; pieces: readonly Piece[] } | { ok: false; at: number; message: string }

const OPEN = '${{'

export const hasExpression = (text: string): boolean => text.includes(OPEN)

/** Cuts a template. `}}` inside an expression's own braces and texts does not end it; `${{ '${{' }}` writes the mark itself. */
export function cutTemplate(text: string): Cut {
  const pieces: Piece[] = []
  let from = 0
  for (;;) {
    const open = text.indexOf(OPEN, from)
    if (open < 0) break
    if (open > from) pieces.push({ kind: 'text', text: text.slice(from, open) })
    const start = open + OPEN.length
    const end = expressionEnd(text, start)
    if (end < 0) return { ok: false, at: open, message: 'an expression that starts with ${{ is not closed: end it with }}' }
    pieces.push({ kind: 'expression', source: text.slice(start, end), at: start })
    from = end + 2
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) })
  return { ok: true, pieces }
}

/** The one expression of a template that is nothing else (white space around it does not count), else undefined. */
export function wholeExpression(pieces: readonly Piece[]): (Piece & { kind: 'expression' }) | undefined {
  const telling = pieces.filter((piece) => piece.kind === 'expression' || piece.text.trim() !== '')
  const only = telling[0]
  return telling.length === 1 && only?.kind === 'expression' ? only : undefined
}

function expressionEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"' || character === "'") {
      at = quoteEnd(text, at, character)
      if (at < 0) return -1
    } else if (character === '/' && text[at + 1] === '/') {
      while (at < text.length && text[at] !== '\n') at += 1
    } else if (character === '{') depth += 1
    else if (character === '}' && depth > 0) depth -= 1
    else if (character === '}' && text[at + 1] === '}') return at
  }
  return -1
}

/** The offset of the closing quote's last character; -1 when there is none. A backslash skips one character, as CEL's own reader does, in raw texts too. */
function quoteEnd(text: string, at: number, quote: string): number {
  const triple = text.startsWith(quote.repeat(3), at)
  const mark = triple ? quote.repeat(3) : quote
  for (let next = at + mark.length; next < text.length; next += 1) {
    if (text[next] === '\\') next += 1
    else if (text.startsWith(mark, next)) return next + mark.length - 1
    else if (!triple && text[next] === '\n') return -1
  }
  return -1
}
