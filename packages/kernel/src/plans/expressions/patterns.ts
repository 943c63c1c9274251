import { RE2JS } from 're2js'

const MOST = 500
const compiled = new Map<string, RE2JS>()

/** A pattern in RE2 syntax, which never backtracks. Throws with a sentence when it is none. */
export function pattern(source: string): RE2JS {
  const known = compiled.get(source)
  if (known) return known
  if (source.length > 2_000) throw new Error('the pattern is longer than 2000 characters')
  let fresh: RE2JS
  try {
    fresh = RE2JS.compile(source)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`'${source}' is no RE2 pattern (${reason}): look-around and back-references do not exist there`, { cause })
  }
  if (compiled.size >= MOST) compiled.delete(compiled.keys().next().value ?? '')
  compiled.set(source, fresh)
  return fresh
}

/** Whether the pattern occurs anywhere in the text. */
export const matches = (text: string, source: string): boolean => pattern(source).matcher(text).find()
