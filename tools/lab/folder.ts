import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** Writes files below a folder, by relative path. */
export function fill(folder: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
}

/** Every entry below a folder by relative path: kind, size, mode, SHA-256 or target, and a file's time to the millisecond. */
export function manifestOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(names.map((name) => [name, lineOf(path.join(folder, name))]))
}

function lineOf(file: string): string {
  const stats = lstatSync(file)
  if (stats.isDirectory()) return `folder ${stats.mode.toString(8)}`
  if (stats.isSymbolicLink()) return `link ${readlinkSync(file)}`
  return `file ${stats.size} ${stats.mode.toString(8)} ${createHash('sha256').update(readFileSync(file)).digest('hex')} ${Math.floor(stats.mtimeMs)}`
}

/** The files (not folders) below a folder, sorted, by relative path. */
export function filesOf(folder: string): string[] {
  return Object.entries(manifestOf(folder))
    .filter(([, line]) => !line.startsWith('folder'))
    .map(([name]) => name)
}
