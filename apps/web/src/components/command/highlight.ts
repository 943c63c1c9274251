export type Ink = 'plain' | 'word' | 'text' | 'note' | 'number'
export interface Piece {
  ink: Ink
  text: string
}
type Language = 'shell' | 'python' | 'script'

const KEYWORDS: Record<Language, ReadonlySet<string>> = {
  shell: new Set('if then else elif fi for in do done while until case esac function return exit export local set cd echo'.split(' ')),
  python: new Set(
    'and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield'.split(
      ' ',
    ),
  ),
  script: new Set(
    'async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof let new null of return static super switch this throw true try typeof undefined var void while yield'.split(
      ' ',
    ),
  ),
}
const NOTES: Record<Language, string> = { shell: '#[^\\n]*', python: '#[^\\n]*', script: '\\/\\/[^\\n]*|\\/\\*[\\s\\S]*?\\*\\/' }
const TEXTS: Record<Language, string> = {
  shell: `"(?:\\\\.|[^"\\\\])*"|'[^']*'`,
  python: `"""[\\s\\S]*?"""|'''[\\s\\S]*?'''|"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'`,
  script: '"(?:\\\\.|[^"\\\\\\n])*"|\'(?:\\\\.|[^\'\\\\\\n])*\'|`(?:\\\\.|[^`\\\\])*`',
}

/** The language that a program reads. */
export function languageOf(program: string): Language {
  const name = program.slice(program.lastIndexOf('/') + 1)
  return name.startsWith('python') ? 'python' : /^(node|deno|bun)/.test(name) ? 'script' : 'shell'
}

/** A script cut into inked pieces; joined they are the script again, letter by letter. */
export function highlight(script: string, language: Language): Piece[] {
  const pieces: Piece[] = []
  const add = (ink: Ink, text: string): void => {
    const last = pieces.at(-1)
    if (last?.ink === ink) last.text += text
    else if (text !== '') pieces.push({ ink, text })
  }
  const pattern = new RegExp(`(${NOTES[language]})|(${TEXTS[language]})|(\\b\\d[\\w.]*\\b)|([A-Za-z_$][\\w$]*)|([\\s\\S])`, 'g')
  for (const [whole, note, text, figure, word] of script.matchAll(pattern)) {
    if (note !== undefined) add('note', note)
    else if (text !== undefined) add('text', text)
    else if (figure !== undefined) add('number', figure)
    else if (word !== undefined) add(KEYWORDS[language].has(word) ? 'word' : 'plain', word)
    else add('plain', whole)
  }
  return pieces
}
