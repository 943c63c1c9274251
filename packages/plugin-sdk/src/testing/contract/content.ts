import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import path from 'node:path'

/** Everything below a folder by relative path: a file's mode and bytes, a folder's mode, a link's target. */
export type Content = Record<string, string>

export function contentOf(folder: string): Content {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  return Object.fromEntries(names.map((name) => [name, lineOf(path.join(folder, name))]))
}

function lineOf(file: string): string {
  const { mode } = lstatSync(file)
  if (lstatSync(file).isDirectory()) return `folder ${mode.toString(8)}`
  if (lstatSync(file).isSymbolicLink()) return `link ${readlinkSync(file)}`
  return `file ${mode.toString(8)} ${readFileSync(file).toString('base64')}`
}

/** Names of what differs, at most five. */
export function differences(before: Content, after: Content): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).slice(0, 5)
}
