import type { Block, Passage } from './types.ts'

/** Characters; about 300 tokens. */
export const PASSAGE = 1200
const BETWEEN = '\n\n'

/**
 * Blocks as passages: neighbours of one page and heading joined up to {@link PASSAGE} characters, longer ones cut at the end of a
 * line, a sentence or a word. The document's text is all passages joined by a blank line, and `text.slice(start, end)` is a passage.
 */
export function passagesOf(blocks: readonly Block[], size = PASSAGE): Passage[] {
  const passages: Passage[] = []
  let at = 0
  for (const block of joined(blocks, size)) {
    for (const text of cut(block.text, size)) {
      passages.push({ text, page: block.page, heading: block.heading, start: at, end: at + text.length })
      at += text.length + BETWEEN.length
    }
  }
  return passages
}

function joined(blocks: readonly Block[], size: number): Block[] {
  const result: Block[] = []
  for (const block of blocks) {
    const text = block.text.trim()
    if (text === '') continue
    const last = result.at(-1)
    const fits = last && last.page === block.page && last.heading === block.heading && last.text.length + 1 + text.length <= size
    if (fits) last.text += `\n${text}`
    else result.push({ ...block, text })
  }
  return result
}

function cut(text: string, size: number): string[] {
  const parts: string[] = []
  let rest = text
  while (rest.length > size) {
    const end = endWithin(rest, size)
    parts.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  if (rest !== '') parts.push(rest)
  return parts
}

/** Where to cut: after a line, else a sentence, else a word, each only in the second half; never inside a character. */
function endWithin(text: string, size: number): number {
  const head = text.slice(0, size)
  for (const mark of ['\n', '. ', ' ']) {
    const at = head.lastIndexOf(mark)
    if (at >= size / 2) return at + mark.length
  }
  const last = head.charCodeAt(size - 1)
  return last >= 0xd800 && last <= 0xdbff ? size - 1 : size
}
