// What the shape ratchets count. Each figure may fall and may not rise; tools/house/record.ts writes the fall down.
import { lineOf, sourceFiles, syntaxOf, walk } from './source.ts'
import type { SourceFile, SyntaxNode } from './source.ts'

export interface Shape {
  longestFile: number
  longestTest: number
  longestFunction: number
  filesOver300: number
  /** Lines with `any` as a type. */
  any: number
  /** Comments that silence the type checker or the linter. */
  suppressions: number
  /** Casts without a comment on their line; `as const` is none. */
  castsWithoutReason: number
}

export interface Finding {
  figure: keyof Shape
  at: string
  size: number
}

/** The shape, and where each figure comes from, worst first. */
export function measureShape(files: readonly SourceFile[] = sourceFiles()): { shape: Shape; findings: Finding[] } {
  const findings = files.filter((file) => !file.path.endsWith('.mjs')).flatMap(findingsOf)
  const of = (figure: keyof Shape) => findings.filter((finding) => finding.figure === figure)
  const largest = (figure: keyof Shape) => Math.max(0, ...of(figure).map(({ size }) => size))
  return {
    shape: {
      longestFile: largest('longestFile'),
      longestTest: largest('longestTest'),
      longestFunction: largest('longestFunction'),
      filesOver300: of('filesOver300').length,
      any: of('any').length,
      suppressions: of('suppressions').length,
      castsWithoutReason: of('castsWithoutReason').length,
    },
    findings: findings.sort((a, b) => b.size - a.size),
  }
}

function findingsOf(file: SourceFile): Finding[] {
  const lines = file.text.split('\n')
  const found: Finding[] = [{ figure: file.isTest ? 'longestTest' : 'longestFile', at: file.path, size: lines.length - 1 }]
  if (!file.isTest && lines.length > 301) found.push({ figure: 'filesOver300', at: file.path, size: lines.length - 1 })
  lines.forEach((line, index) => {
    if (/(@ts-(ignore|nocheck|expect-error)|(ox|es)lint-disable)/.test(line) && /\/[/*]/.test(line))
      found.push({ figure: 'suppressions', at: `${file.path}:${index + 1}`, size: 1 })
  })
  if (file.isTest) return found
  walk(syntaxOf(file), (node) => {
    const at = `${file.path}:${lineOf(file, node.start)}`
    if (node.type === 'TSAnyKeyword') found.push({ figure: 'any', at, size: 1 })
    if (isCast(file, node) && !hasReason(lines, lineOf(file, node.end))) found.push({ figure: 'castsWithoutReason', at, size: 1 })
    if (isFunction(node)) found.push({ figure: 'longestFunction', at, size: lineOf(file, node.end) - lineOf(file, node.start) + 1 })
  })
  return found
}

function isFunction({ type }: SyntaxNode): boolean {
  return type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
}

function isCast(file: SourceFile, node: SyntaxNode): boolean {
  return node.type === 'TSAsExpression' && !file.text.slice(node.start, node.end).endsWith('as const')
}

/** A comment at the end of the line, or on the line above. */
function hasReason(lines: readonly string[], line: number): boolean {
  return (lines[line - 1] ?? '').includes('// ') || /^\s*(\/\/|\*\/|\/\*\*)/.test(lines[line - 2] ?? '')
}
