// The repository's own source, read once and parsed on demand, for the tests of the house.
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'rolldown/parseAst'

export const root = path.resolve(import.meta.dirname, '..', '..')

/** One node of the syntax tree (ESTree with TypeScript); its other fields depend on the type. */
export interface SyntaxNode {
  type: string
  start: number
  end: number
  [field: string]: unknown
}

export interface SourceFile {
  /** Path from the root, with slashes. */
  path: string
  text: string
  isTest: boolean
}

export interface Import {
  from: string
  /** As written. */
  specifier: string
  /** Path from the root of the file it names, or null for a package or a built-in. */
  target: string | null
  line: number
}

const places = ['packages/*/src/**/*.ts', 'plugins/*/{*,src/**/*}.ts', 'apps/*/{*,src/**/*}.{ts,tsx}', 'tools/**/*.{ts,mjs}', '*.ts']

export function sourceFiles(): SourceFile[] {
  const found = globSync(places, { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist|fixtures)(\/|$)/.test(name) })
  return found
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => !file.endsWith('.d.ts'))
    .sort()
    .map((file) => ({ path: file, text: readFileSync(path.join(root, file), 'utf8'), isTest: isTestFile(file) }))
}

/** Tests and what exists only for them. */
function isTestFile(file: string): boolean {
  return /\.(test|bench)\.(tsx?|mjs)$/.test(file) || /(^|\/)(testing|tests|fixtures)(\/|\.ts$)/.test(file)
}

export function syntaxOf(file: SourceFile): SyntaxNode {
  const lang = file.path.endsWith('x') ? 'tsx' : 'ts'
  return parseAst(file.text, { lang }) as unknown as SyntaxNode // the parser's own union has no common index
}

/** Visits every node below and including this one. */
export function walk(node: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(node)) for (const child of node) walk(child, visit)
  else if (typeof node === 'object' && node !== null) {
    if ('type' in node && typeof node.type === 'string') visit(node as SyntaxNode) // every node of the tree has these fields
    for (const child of Object.values(node)) if (typeof child === 'object') walk(child, visit)
  }
}

/** Static, dynamic and type imports, and re-exports. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = []
  walk(syntaxOf(file), (node) => {
    const source = /^(Import|Export\w+)Declaration$|^ImportExpression$|^TSImportType$/.test(node.type)
      ? (node['source'] ?? node['argument'])
      : undefined
    const specifier = literalOf(source)
    if (specifier !== null)
      found.push({ from: file.path, specifier, target: targetOf(file.path, specifier), line: lineOf(file, node.start) })
  })
  return found
}

export function literalOf(node: unknown): string | null {
  if (typeof node !== 'object' || node === null || !('value' in node)) return null
  return typeof node.value === 'string' ? node.value : null
}

export function lineOf(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length
}

/** The web app writes '@/x' for its own src/x and may leave the extension out. */
function targetOf(from: string, specifier: string): string | null {
  const base = specifier.startsWith('@/')
    ? `apps/web/src/${specifier.slice(2)}`
    : specifier.startsWith('.')
      ? path.posix.join(path.posix.dirname(from), specifier)
      : null
  if (base === null) return null
  return (
    [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`, `${base}/index.tsx`].find(
      (file) => /\.\w+$/.test(file) && existsSync(path.join(root, file)),
    ) ?? base
  )
}
