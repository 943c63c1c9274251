export interface Segment {
  text: string
  marked: boolean
}
export type DiffLine =
  | { type: 'same' | 'add' | 'remove'; old: number | null; new: number | null; segments: Segment[] }
  | { type: 'fold'; key: string; lines: DiffLine[] }
  | { type: 'gap'; text: string }
interface Raw {
  type: 'same' | 'add' | 'remove'
  old: number | null
  new: number | null
  text: string
}

const CONTEXT = 3

/** Words, runs of spaces, and single signs: the units that word marks compare. */
const tokens = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^\s\p{L}\p{N}_]/gu) ?? []

/** Marks the words that differ between a removed line and the line that replaced it. Lines with little in common stay unmarked. */
export function wordMarks(before: string, after: string): { before: Segment[]; after: Segment[] } {
  const a = tokens(before)
  const b = tokens(after)
  const plain = { before: [{ text: before, marked: false }], after: [{ text: after, marked: false }] }
  if (a.length * b.length > 250_000) return plain
  const width = b.length + 1
  const table = new Uint16Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i * width + j] =
        a[i] === b[j] ? at(table, (i + 1) * width + j + 1) + 1 : Math.max(at(table, (i + 1) * width + j), at(table, i * width + j + 1))
    }
  }
  if (at(table, 0) * 3 < Math.max(a.length, b.length)) return plain
  const left: Segment[] = []
  const right: Segment[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push(left, a[i++] ?? '', false)
      push(right, b[j++] ?? '', false)
    } else if (j >= b.length || (i < a.length && at(table, (i + 1) * width + j) >= at(table, i * width + j + 1)))
      push(left, a[i++] ?? '', true)
    else push(right, b[j++] ?? '', true)
  }
  return { before: left, after: right }
}
const at = (table: Uint16Array, index: number): number => table[index] ?? 0
function push(segments: Segment[], text: string, marked: boolean): void {
  const last = segments.at(-1)
  if (last && last.marked === marked) last.text += text
  else segments.push({ text, marked })
}

function rawLines(text: string): (Raw | { type: 'gap'; text: string })[] {
  const lines: (Raw | { type: 'gap'; text: string })[] = []
  let before = 1
  let after = 1
  let inHunk = false
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line)
    if (hunk) {
      before = Number(hunk[1])
      after = Number(hunk[2])
      if (inHunk || before > 1) lines.push({ type: 'gap', text: hunk[3] ?? '' })
      inHunk = true
    } else if (!inHunk) continue // the header: ---, +++, index
    else if (line.startsWith('+')) lines.push({ type: 'add', old: null, new: after++, text: line.slice(1) })
    else if (line.startsWith('-')) lines.push({ type: 'remove', old: before++, new: null, text: line.slice(1) })
    else if (line.startsWith('\\')) continue // "\ No newline at end of file"
    else lines.push({ type: 'same', old: before++, new: after++, text: line.slice(1) })
  }
  return lines
}

/** Lines of a unified diff with word marks; unchanged stretches fold to three lines around each change. */
export function parseDiff(text: string): DiffLine[] {
  const raw = rawLines(text)
  const lines: DiffLine[] = []
  let index = 0
  while (index < raw.length) {
    const line = raw[index]
    if (!line) break
    if (line.type === 'gap') {
      lines.push(line)
      index++
    } else if (line.type === 'same') index = pushContext(raw, index, lines)
    else index = pushChange(raw, index, lines)
  }
  return lines
}

function pushContext(raw: ReturnType<typeof rawLines>, start: number, lines: DiffLine[]): number {
  let end = start
  const block: DiffLine[] = []
  for (let line = raw[end]; line?.type === 'same'; line = raw[++end])
    block.push({ type: 'same', old: line.old, new: line.new, segments: [{ text: line.text, marked: false }] })
  const head = start === 0 ? 0 : CONTEXT
  const tail = end === raw.length ? 0 : CONTEXT
  if (block.length <= head + tail + 2) lines.push(...block)
  else {
    const folded = block.slice(head, block.length - tail)
    lines.push(...block.slice(0, head), { type: 'fold', key: `fold:${start}`, lines: folded }, ...(tail > 0 ? block.slice(-tail) : []))
  }
  return end
}

function pushChange(raw: ReturnType<typeof rawLines>, start: number, lines: DiffLine[]): number {
  let end = start
  const removed: Raw[] = []
  const added: Raw[] = []
  for (let line = raw[end]; line?.type === 'remove' || line?.type === 'add'; line = raw[++end])
    (line.type === 'remove' ? removed : added).push(line)
  const marks = removed.length === added.length ? removed.map((line, at) => wordMarks(line.text, added[at]?.text ?? '')) : null
  removed.forEach((line, at) =>
    lines.push({ type: 'remove', old: line.old, new: null, segments: marks?.[at]?.before ?? [{ text: line.text, marked: false }] }),
  )
  added.forEach((line, at) =>
    lines.push({ type: 'add', old: null, new: line.new, segments: marks?.[at]?.after ?? [{ text: line.text, marked: false }] }),
  )
  return end
}

/** Added and removed lines. */
export function diffCounts(text: string): { added: number; removed: number } {
  let added = 0
  let removed = 0
  for (const line of rawLines(text)) {
    if (line.type === 'add') added++
    if (line.type === 'remove') removed++
  }
  return { added, removed }
}
