// The public surface: what others build on, and what must change only on purpose.
import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { literalOf, root, sourceFiles, syntaxOf, walk } from './source.ts'
import type { SourceFile, SyntaxNode } from './source.ts'

export interface Surface {
  /** Package name → export key → the names that it exports. */
  packages: Record<string, Record<string, string[]>>
  errorCodes: string[]
  /** Plugin id → tool ids, and the ids of the plans that it ships. */
  tools: Record<string, string[]>
  plans: Record<string, string[]>
}

export function measureSurface(files: readonly SourceFile[] = sourceFiles()): Surface {
  const sources = files.filter((file) => !file.isTest && !file.path.startsWith('tools/'))
  const manifests = globSync('plugins/*/manifest.json', { cwd: root }).sort().map(readManifest)
  return {
    packages: packagesOf(files),
    errorCodes: errorCodesOf(sources),
    tools: Object.fromEntries(manifests.map(({ id, tools }) => [id, tools.toSorted()])),
    plans: Object.fromEntries(manifests.map(({ id, plans }) => [id, (plans ?? []).toSorted()])),
  }
}

interface ManifestPart {
  id: string
  tools: string[]
  plans?: string[]
}

function readManifest(file: string): ManifestPart {
  return readJson(file) as ManifestPart // checked by the contract suite of the plugin
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'))
}

function packagesOf(sources: readonly SourceFile[]): Surface['packages'] {
  const bases = globSync(['packages/*/package.json'], { cwd: root }).sort()
  return Object.fromEntries(bases.map((file) => exportsOf(path.posix.dirname(file.split(path.sep).join('/')), sources)))
}

function exportsOf(folder: string, sources: readonly SourceFile[]): [string, Record<string, string[]>] {
  const { name, exports } = readJson(`${folder}/package.json`) as { name: string; exports: Record<string, string> } // our own file
  const entries = Object.entries(exports).flatMap(([key, target]) => expand(folder, key, target))
  const named = entries.map(([key, file]) => [key, namesOf(sources.find((source) => source.path === file))] as const)
  return [name, Object.fromEntries(named)]
}

/** './*' → './src/*\/index.ts' names one entry for each module. */
function expand(folder: string, key: string, target: string): [string, string][] {
  const file = path.posix.join(folder, target)
  if (!key.includes('*')) return existsSync(path.join(root, file)) ? [[key, file]] : []
  const [before = '', after = ''] = file.split('*')
  return globSync(file, { cwd: root })
    .map((found) => found.split(path.sep).join('/'))
    .sort()
    .map((found) => [key.replace('*', found.slice(before.length, found.length - after.length)), found])
}

function namesOf(file: SourceFile | undefined): string[] {
  if (file === undefined) return []
  const names: string[] = []
  walk(syntaxOf(file), (node) => {
    if (node.type === 'ExportSpecifier') names.push(identifier(node['exported']))
    if (node.type === 'ExportNamedDeclaration') names.push(...declaredBy(node['declaration']))
  })
  return names.sort()
}

function identifier(node: unknown): string {
  return (node as { name?: string } | null)?.name ?? '' // an Identifier node
}

function declaredBy(declaration: unknown): string[] {
  const node = declaration as (SyntaxNode & { declarations?: { id: unknown }[] }) | null // an ESTree declaration or nothing
  if (node === null || node === undefined) return []
  return node.declarations === undefined ? [identifier(node['id'])] : node.declarations.map(({ id }) => identifier(id))
}

/** Codes named where a failure is made: LifeOsError's first argument, a `code:`, or the argument of a helper that passes one on. */
function errorCodesOf(sources: readonly SourceFile[]): string[] {
  const trees = sources.map(syntaxOf)
  const constants = new Map<string, string[]>()
  const makers = new Map([['LifeOsError', 0]])
  const found: string[] = []
  walk(trees, (node) => {
    if (node.type === 'VariableDeclarator' && /^[A-Z_]+$/.test(identifier(node['id'])))
      constants.set(identifier(node['id']), literalsIn(node['init']))
    if (node.type !== 'FunctionDeclaration') return
    const place = (node['params'] as unknown[]).findIndex((parameter) => identifier(parameter) === 'code') // ESTree: a list
    if (place >= 0) makers.set(identifier(node['id']), place)
  })
  walk(trees, (node) => {
    if (node.type === 'Property' && identifier(node['key']) === 'code') found.push(...literalsIn(node['value'], constants))
    const place = /^(New|Call)Expression$/.test(node.type) ? makers.get(identifier(node['callee'])) : undefined
    if (place !== undefined) found.push(...literalsIn((node['arguments'] as unknown[])[place], constants)) // ESTree: a list
  })
  return [...new Set(found)].filter((code) => /^[a-z]+(-[a-z]+)+$|^(unexpected|uncertain|timeout|cancelled)$/.test(code)).sort()
}

function literalsIn(node: unknown, constants: ReadonlyMap<string, string[]> = new Map()): string[] {
  const found: string[] = []
  walk(node, (inner) => {
    if (inner.type === 'Identifier') found.push(...(constants.get(identifier(inner)) ?? []))
    const text = inner.type === 'Literal' ? literalOf(inner) : null
    if (text !== null) found.push(text)
  })
  return found
}
