import { writeFile } from 'node:fs/promises'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { plural, when } from '../output/units.ts'
import type { Command } from '../session.ts'
import { cardWords, sourceLines } from './answer-lines.ts'

export const listThreads: Command<{ search?: string; limit?: number }> = async ({ io, paint, ...session }, { search, limit = 20 }) => {
  const { client } = await session.backend()
  const page = await client.threads.list({ limit, ...(search !== undefined && { search }) })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.items.length === 0) io.note('No conversations. Begin one: lifeos chat, or lifeos ask "<question>"')
  else {
    const rows = page.items.map((one) => [
      one.id,
      when(one.updatedAt),
      plural(one.messages, 'message'),
      one.active ? paint('blue', one.active.state) : '',
      printable(one.title),
    ])
    for (const line of table(rows)) io.out(line)
    if (page.next) io.note(paint('dim', `${page.items.length} of ${page.total} (--limit shows more)`))
  }
  return EXIT.done
}

export const showThread: Command<{ id: string; limit?: number }> = async ({ io, paint, ...session }, { id, limit = 50 }) => {
  const { client } = await session.backend()
  const [thread, page] = await Promise.all([client.threads.get({ id }), client.threads.messages({ id, limit })])
  if (io.json) {
    io.out(JSON.stringify({ ...thread, ...page }))
    return EXIT.done
  }
  io.out(`${paint('bold', printable(thread.title))}  ${thread.id}`)
  if (page.more) io.out(paint('dim', 'Earlier messages are left out (--limit shows more).'))
  for (const message of page.items) {
    const who = message.role === 'person' ? 'You' : [message.agent, message.model].filter((one) => one !== null).join(' · ')
    io.out(
      `\n${paint('bold', printable(who))}  ${paint('dim', when(message.at))}${message.siblings.length > 1 ? paint('dim', `  one of ${message.siblings.length}`) : ''}`,
    )
    if (message.role === 'person') io.out(message.text)
    for (const part of message.parts) io.out(part.type === 'text' ? part.text : paint('dim', cardWords(part) ?? ''))
    for (const line of sourceLines(message)) io.out(line)
    if (message.error) io.out(paint('red', printable(message.error.message)))
  }
  return EXIT.done
}

export const searchThreads: Command<{ words: string; limit?: number }> = async ({ io, paint, ...session }, { words, limit = 20 }) => {
  const { client } = await session.backend()
  const page = await client.threads.search({ q: words, limit })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.items.length === 0) io.note('Nothing was found.')
  else
    for (const hit of page.items) {
      io.out(`${hit.thread}  ${paint('bold', printable(hit.title))}  ${paint('dim', `${hit.role}, ${when(hit.at)}`)}`)
      io.out(`  ${printable(hit.excerpt)}`)
    }
  return EXIT.done
}

export const exportThread: Command<{ id: string; format?: 'markdown' | 'json'; to?: string }> = async (
  { io, ...session },
  { id, format, to },
) => {
  const { client } = await session.backend()
  const made = await client.threads.export({ id, ...(format && { format }) })
  if (to === undefined) io.out(io.json && format !== 'json' ? JSON.stringify(made) : made.text.trimEnd())
  else {
    await writeFile(to, made.text, { flag: 'wx' })
    io.note(`Written to ${printable(to)}.`)
  }
  return EXIT.done
}

export const removeThread: Command<{ id: string }> = async ({ io, ...session }, { id }) => {
  const { client } = await session.backend()
  await client.threads.remove({ id })
  if (io.json) io.out(JSON.stringify({ ok: true }))
  else io.note('Removed. Its runs stay.')
  return EXIT.done
}
