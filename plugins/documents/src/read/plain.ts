import Papa from 'papaparse'
import { createHeadingPath } from './headings.ts'
import type { Block, ReadDocument } from './types.ts'

const FENCE = /^ {0,3}(`{3,}|~{3,})/

/** Markdown by its headings (`#` and underlined ones); code is text and holds no heading. */
export function readMarkdown(text: string): ReadDocument {
  const headings = createHeadingPath()
  const blocks: Block[] = []
  let title: string | null = null
  let lines: string[] = []
  let fence: string | null = null
  const flush = (): void => {
    blocks.push({ text: lines.join('\n'), page: null, heading: headings.path })
    lines = []
  }
  const enter = (level: number, words: string): void => {
    headings.enter(level, words)
    title ??= words.trim() || null
    lines.push(words)
  }
  for (const line of withoutFrontMatter(text).split(/\r?\n/)) {
    const mark = FENCE.exec(line)?.[1] ?? null
    if (fence !== null) {
      if (mark?.startsWith(fence)) fence = null
      lines.push(line)
      continue
    }
    const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(line)
    const underline = /^ {0,3}(=+|-+)\s*$/.exec(line)
    if (mark) fence = mark
    if (heading) {
      flush()
      enter(heading[1]?.length ?? 1, heading[2] ?? '')
    } else if (underline && lines.at(-1)?.trim()) {
      const words = lines.pop() ?? ''
      flush()
      enter(underline[1]?.startsWith('=') ? 1 : 2, words)
    } else if (line.trim() === '') flush()
    else lines.push(line)
  }
  flush()
  return { kind: 'markdown', title, pages: null, blocks, notes: [] }
}

const withoutFrontMatter = (text: string): string => text.replace(/^---\r?\n[\s\S]{0,20000}?\r?\n---\r?\n/, '')

/** Each row as `name: value` pairs, so that a passage says what its numbers are. */
export function readCsv(text: string): ReadDocument {
  const { data, errors } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' })
  const [names = [], ...rows] = data
  const blocks = rows.map((row, index) => ({ text: rowText(names, row), page: null, heading: `Row ${index + 2}` }))
  const broken = errors.filter(({ type }) => type !== 'Delimiter').length
  const notes = broken > 0 ? [`${broken} rows are not well formed; they were read as they stand.`] : []
  return { kind: 'csv', title: null, pages: null, blocks: inTens(blocks), notes }
}

function rowText(names: readonly string[], row: readonly string[]): string {
  return row.map((cell, index) => `${names[index]?.trim() || `column ${index + 1}`}: ${cell.trim()}`).join('; ')
}

/** Ten rows a block, named by the first and last of them. */
function inTens(rows: readonly Block[]): Block[] {
  const blocks: Block[] = []
  for (let at = 0; at < rows.length; at += 10) {
    const ten = rows.slice(at, at + 10)
    const heading = ten.length > 1 ? `Rows ${at + 2} to ${at + 1 + ten.length}` : `Row ${at + 2}`
    blocks.push({ text: ten.map((row) => row.text).join('\n'), page: null, heading })
  }
  return blocks
}

export function readText(text: string): ReadDocument {
  const blocks = text.split(/\r?\n(?:[ \t]*\r?\n)+/).map((part) => ({ text: part, page: null, heading: null }))
  return { kind: 'text', title: null, pages: null, blocks, notes: [] }
}
