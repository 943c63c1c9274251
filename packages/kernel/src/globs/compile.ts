import { RE2JS } from 're2js'
import { translate } from './translate.ts'

/** Wildcards, sets and alternatives of one pattern: what a match costs grows with them, but never faster than evenly. */
const MOST = 200
/** Any number of names, and then again any number. */
const TWICE = /(^|\/)\*{2,}(?:\/\*{2,})+(?=\/|$)/g

/**
 * A glob over whole paths without empty, `.` and `..` parts: `*`, `?` and sets within one name (hidden ones too), `**` for any
 * number of names, `{a,b}`, `@(a|b)`, `?(a)`, `*(a)` and `+(a)`; a backslash makes a letter of what follows. Takes time in
 * proportion to pattern and text, whoever wrote them: regular expressions that backtrack would hold up the whole server.
 * Null for `!(a)`, which such a matcher does not have, and for more than 200 wildcards.
 */
export function compileGlob(glob: string): ((path: string) => boolean) | null {
  if ((glob.match(/[*?[{(]/g)?.length ?? 0) > MOST) return null
  const source = translate(glob.replace(/^\.\//, '').replace(TWICE, '$1**'))
  if (source === null) return null
  try {
    const compiled = RE2JS.compile(source, RE2JS.DOTALL)
    return (path) => compiled.testExact(path)
  } catch {
    return (path) => path === glob // a set that is none: its own letters
  }
}
