import type { AnswerPart, Attachment, Thread, ThreadMessage } from '@life-os/contract'

/** The shown branch as one Markdown document. */
export function asMarkdown(thread: Thread, branch: readonly ThreadMessage[]): string {
  const head = [`# ${line(thread.title)}`, '', `Begun ${stamp(thread.createdAt)}, agent ${thread.agent}.`]
  return `${[...head, ...branch.flatMap((message) => ['', ...messageLines(message)])].join('\n')}\n`
}

function messageLines(message: ThreadMessage): string[] {
  const who = message.role === 'person' ? 'You' : [message.agent ?? 'Answer', message.model].filter(Boolean).join(' · ')
  const said = message.role === 'person' ? [message.text, ...message.attachments.map(attachedWords)] : message.parts.flatMap(partLines)
  const sources = message.citations.map(
    ({ number, document, page, heading }) =>
      `[${number}]: ${[document, page === null ? null : `page ${page}`, heading]
        .filter((part) => part !== null)
        .map(line)
        .join(', ')}`,
  )
  const end = message.error ? [`> ${line(message.error.message)}`] : []
  return [`## ${line(who)}, ${stamp(message.at)}`, '', ...said, ...end, ...(sources.length > 0 ? ['', ...sources] : [])]
}

function partLines(part: AnswerPart): string[] {
  switch (part.type) {
    case 'text':
      return [part.text, '']
    case 'tool':
      return [`> ${line(part.title)} (\`${part.tool}\`): ${part.state}${part.error ? `, ${line(part.error.message)}` : ''}`, '']
    case 'plan':
      return [`> Plan “${line(part.name)}”: ${part.state} (run ${part.run})`, '']
    case 'question':
      return [`> Asked: ${line(part.text)}`, `> Answer: ${line(part.answer ?? 'none yet')}`, '']
    case 'notice':
      return [`> ${line(part.text)}`, '']
  }
}

const attachedWords = (one: Attachment): string => `[attached: ${line(one.kind === 'file' || one.kind === 'folder' ? one.path : one.name)}]`

const line = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim()
const stamp = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
