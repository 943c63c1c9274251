/** Places and addresses that a person wrote in a message, in their order. */
export interface Literal {
  /** What may be a path, each with its readings, the longest first: the first that exists is meant. */
  readonly paths: readonly (readonly string[])[]
  readonly addresses: readonly string[]
}

const MOST = 50
/** Words that a path without quotes may go on over: `~/My Documents/March report.pdf`. */
const MOST_WORDS = 8
const LONGEST = 4096 // characters of a path
const TYPED_MOST = 2000 // characters of a message
const AFTER_PATH = /[.,;:!?)\]}>'"”’…]+$/u
const AFTER_ADDRESS = /[.,;:!?)\]}>'"”’…*_]+$/u

/**
 * Reads a message, by rules alone. What others wrote gives nothing: lines that quote (`> …`), blocks of code and what was pasted after
 * the first paragraph of a long message are left out.
 */
export function readLiteral(text: string): Literal {
  const own = beginning(withoutQuotes(text))
  const addresses = [...own.matchAll(/https?:\/\/[^\s<>"'`”]+/giu)]
    .map(([found]) => found.replace(AFTER_ADDRESS, ''))
    .filter(isPlainAddress)
  const rest = own.replaceAll(/[a-z][a-z0-9+.-]*:\/\/\S+/giu, (found) => (found.startsWith('file:///') ? found : ' '.repeat(found.length)))
  return { paths: [...pathsIn(rest), ...ownFoldersIn(rest)].slice(0, MOST), addresses: [...new Set(addresses)].slice(0, MOST) }
}

const OWN_FOLDERS = /(?<![\p{L}\p{N}])my (downloads|documents|pictures|desktop|music|videos)(?: folder)?(?![\p{L}\p{N}/])/giu

/** “my downloads”, as people call their own folders. */
const ownFoldersIn = (text: string): string[][] =>
  [...new Set([...text.matchAll(OWN_FOLDERS)].map(([, name = '']) => name.toLowerCase()))].map((name) => [
    `~/${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  ])

/** Nobody writes so much by hand: of a long message the first paragraph is the person's own for sure. */
const beginning = (text: string): string =>
  text.length <= TYPED_MOST ? text : (text.trimStart().split(/\n\s*\n/u, 1)[0] ?? '').slice(0, TYPED_MOST)

function withoutQuotes(text: string): string {
  return text.replaceAll(/^(```|~~~)[\s\S]*?(^\1|$(?![\s\S]))/gmu, '').replaceAll(/^[ \t]*>.*$/gmu, '')
}

/** One that a request could carry; a password in it would be journaled. */
function isPlainAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && url.hostname !== '' && url.username === '' && url.password === ''
}

function pathsIn(text: string): string[][] {
  const found: string[][] = []
  const loose = text.replaceAll(
    /(?<![\p{L}\p{N}])(["'`“‘])((?:~\/|\/|file:\/\/\/)[^\n"'`”’]*)(["'`”’])/gu,
    (whole, _open, inside: string) => {
      found.push([inside])
      return ' '.repeat(whole.length)
    },
  )
  const starts = [...loose.matchAll(/(?<=^|[\s([{=,;])(?:~\/|\/|file:\/\/\/)(?=\S)/gmu)].slice(0, MOST).map(({ index }) => index)
  for (const [at, start] of starts.entries()) {
    const piece = loose.slice(start, Math.min(starts[at + 1] ?? loose.length, start + LONGEST))
    const [line = ''] = piece.split('\n', 1)
    if (start > 0 || !isCommand(line)) found.push(readingsOf(line.trimEnd()))
  }
  return found.map((readings) => [...new Set(readings.map(asPath).filter(isPlace))]).filter((readings) => readings.length > 0)
}

/** `/help` at the beginning is a command that somebody meant for the program. */
const isCommand = (line: string): boolean => /^\/[a-z-]*(\s|$)/u.test(line)

/** The words as they are, fewer and fewer, each with and without the sentence's own signs. */
function readingsOf(line: string): string[] {
  const words = line.split(' ')
  return Array.from({ length: Math.min(words.length, MOST_WORDS) }, (_, index) =>
    words.slice(0, Math.min(words.length, MOST_WORDS) - index).join(' '),
  ).flatMap((reading) => [reading, reading.replace(AFTER_PATH, '')])
}

function asPath(text: string): string {
  if (!text.startsWith('file:///')) return text
  try {
    return decodeURIComponent(new URL(text).pathname)
  } catch {
    return ''
  }
}

/** Neither the whole machine nor the whole home, and nothing that no file can be called. */
const isPlace = (path: string): boolean => !/^(\/|~)?\/*$/u.test(path) && path.length < LONGEST && !path.includes('\0')
