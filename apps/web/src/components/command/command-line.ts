import type { Change } from '@life-os/contract'
import { count, homePath } from '../../lib/format.ts'

export type Command = Extract<Change, { kind: 'command-run' }>

const PLAIN = /^[\w@%+=:,./-]+$/

/** One argument as a shell would take it: quoted only where it must be. */
const quoted = (text: string): string => (PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`)

/** A program with its arguments in one line that could be typed into a shell. */
export const commandLine = (program: string, args: readonly string[]): string => [program, ...args].map(quoted).join(' ')

/** What a command may touch, in a few words for a list. */
export function reachWords(command: Pick<Command, 'mounts' | 'network' | 'sandboxed'>): string {
  if (!command.sandboxed) return 'not sandboxed'
  const written = command.mounts.filter((mount) => mount.access === 'write')
  const files =
    written.length === 1
      ? `writes ${homePath(written[0]?.path ?? '')}`
      : written.length > 1
        ? `writes ${count(written.length, 'folder')}`
        : command.mounts.length > 0
          ? 'only reads'
          : 'no folders'
  return `${files} · ${command.network.length === 0 ? 'no network' : command.network.join(', ')}`
}

/** Whether a text reads as a unified diff, so that it can be drawn as one. */
export const looksLikeDiff = (text: string): boolean => /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/m.test(text) && /^[+-]/m.test(text)

/** The parts of a diff over several files: the name each is shown under, and its hunks. */
export function diffFiles(text: string): { name: string; diff: string }[] {
  const files: { name: string; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const starts = /^diff --git a\/.* b\/(.*)$/.exec(line)
    if (starts || files.length === 0) files.push({ name: starts?.[1] ?? '', lines: [] })
    const file = files.at(-1)
    if (!file) continue
    const named = /^\+\+\+ (?:b\/)?(\S.*)$/.exec(line)
    if (named && file.name === '') file.name = named[1] ?? ''
    file.lines.push(line)
  }
  return files.map((file) => ({ name: file.name, diff: file.lines.join('\n') })).filter((file) => file.diff.includes('@@'))
}
