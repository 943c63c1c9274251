const CODES = { bold: 1, dim: 2, red: 31, green: 32, amber: 33, blue: 34, violet: 35, inverse: 7 } as const
export type Tint = keyof typeof CODES
export type Paint = (tint: Tint, text: string) => string

/** Colours text, or leaves it alone where colours are not wanted. */
export const paintFor = (colour: boolean): Paint =>
  colour ? (tint, text) => `\u001B[${CODES[tint]}m${text}\u001B[0m` : (_tint, text) => text

/** Control characters of names made visible, so that a file's name cannot move the cursor or forge a line. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`)

const UNSEEN = String.raw`[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]`
const OWN = String.raw`\u001B\[(?:${[0, ...Object.values(CODES)].join('|')})m`
const LINE = new RegExp(`${OWN}|${UNSEEN}`, 'gu')
const IN_JSON = new RegExp(UNSEEN, 'gu')

/** The last look at what goes to a terminal: line breaks, tabs and our own colours pass, every other control is made visible. */
export const harmless = (text: string): string =>
  text.replace(LINE, (found) => (found.length > 1 || found === '\n' || found === '\t' ? found : printable(found)))

/** The same for JSON, which stays the same JSON. */
export const harmlessJson = (text: string): string =>
  text.replace(IN_JSON, (found) => (found === '\n' || found === '\t' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`))
