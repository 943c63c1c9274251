/** Settings of a diagram by itself, and statements that carry scripts, links or CSS: none of them is needed to see it. */
const SETTINGS = /^\s*---\r?\n[\s\S]*?\r?\n---[^\S\r\n]*(?:\r?\n|$)/
const DIRECTIVES = /%%\s*\{[\s\S]*?(?:\}\s*%%|$)/g
const STATEMENTS = /(^|;)[^\S\r\n]*(?:click|links?|href|callback|style|classDef|linkStyle|UpdateElementStyle|UpdateRelStyle)\b[^\r\n;]*/gim
/** A tag, but no arrow (`<--`), no line break in a label and no stereotype (`<<fork>>`). */
const TAGS = /(?<!<)<(?=[a-z/!?])(?!br\s*\/?>)/gi

/**
 * What of a diagram's source may be handed to Mermaid, which measures its words in the page before it cleans them: there the
 * page's policy would be all that stands between a model's words and a script or a request.
 */
export function safeDiagram(code: string): string {
  return code.replace(SETTINGS, '').replace(DIRECTIVES, '').replace(STATEMENTS, '$1').replace(TAGS, '#lt;')
}
