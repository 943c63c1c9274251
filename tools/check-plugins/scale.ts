import { readFileSync } from 'node:fs'
import path from 'node:path'
import { LEVELS, QUALITY_RULES, readQuality } from '@life-os/plugin-sdk/testing/checks'
import type { Quality } from '@life-os/plugin-sdk/testing/checks'

/** Where each plugin stands on the quality scale, a line each: its level, and what is done, exempt and to do of each level's rules. */
export function scaleTable(folders: readonly string[]): string[] {
  const rows = folders.map((folder) => rowOf(path.basename(folder), readQuality(readFileSync(path.join(folder, 'quality.yaml'), 'utf8'))))
  const all = [['plugin', 'level', ...LEVELS, 'to do'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length))) // a heading for each column
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  ) // likewise
}

function rowOf(id: string, quality: Quality | null): string[] {
  if (quality === null) return [id, 'unreadable', ...LEVELS.map(() => ''), '']
  const met = LEVELS.map((level) => {
    const rules = Object.keys(QUALITY_RULES[level])
    return `${rules.filter((rule) => !isOpen(quality, rule)).length} of ${rules.length}`
  })
  const open = LEVELS.flatMap((level) => Object.keys(QUALITY_RULES[level])).filter((rule) => isOpen(quality, rule))
  return [id, quality.level, ...met, open.join(', ')]
}

function isOpen({ rules }: Quality, rule: string): boolean {
  const standing = rules[rule]
  return standing === undefined || standing === 'todo' || (typeof standing === 'object' && 'todo' in standing)
}
