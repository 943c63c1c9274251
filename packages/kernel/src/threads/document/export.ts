import type { Thread, ThreadMessage } from '@life-os/contract'
import { asMarkdown } from './markdown.ts'

/** `all`: every message of every branch; Markdown shows the branch that is shown. */
export function exported(
  thread: Thread,
  branch: readonly ThreadMessage[],
  all: readonly ThreadMessage[],
  format: 'markdown' | 'json',
): { name: string; mime: string; text: string } {
  const name = fileName(thread.title)
  if (format === 'markdown') return { name: `${name}.md`, mime: 'text/markdown', text: asMarkdown(thread, branch) }
  return { name: `${name}.json`, mime: 'application/json', text: `${JSON.stringify({ thread, messages: all }, null, 2)}\n` }
}

/** Letters, digits and single dashes, so that any system takes it. */
function fileName(title: string): string {
  const bare = title
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/gu, '')
  return Array.from(bare).slice(0, 80).join('') || 'conversation'
}
