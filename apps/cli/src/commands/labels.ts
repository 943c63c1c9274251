import { stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Label, Labels } from '@life-os/contract'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { when } from '../output/units.ts'
import type { Command } from '../session.ts'

/** Folder rules first, then labelled files, newest first. */
export const listLabels: Command<{ search?: string; limit?: number }> = async (session, { search, limit = 50 }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const page = await client.labels.list({ limit, ...(search !== undefined && { search }) })
  if (io.json) io.out(JSON.stringify(page))
  else if (page.folders.length + page.items.length === 0) io.note('Nothing is labelled yet. Try: lifeos label set ~/Taxes private')
  else {
    const folders = page.folders.map((rule) => [
      words(rule.labels),
      `${printable(rule.path)}/`,
      paint('dim', `set by ${printable(rule.by)}, ${when(rule.at)}`),
    ])
    const files = page.items.map((file) => [
      words(file.labels),
      printable(file.path),
      paint('dim', `${printable(file.from)}, ${when(file.at)}`),
    ])
    for (const line of table([...folders, ...files])) io.out(line)
    if (page.next) io.note(paint('dim', `${page.items.length} of ${page.total} files (--limit shows more)`))
  }
  return EXIT.done
}

const words = (labels: Labels): string => (labels.length > 0 ? labels.join(' ') : 'none')

/** Labels a folder with all below it, or one file with its present content; no labels takes them away. */
export const setLabels: Command<{ path: string; labels: Label[] }> = async (session, { path, labels }) => {
  const { io } = session
  const { client } = await session.backend()
  const place = resolve(path.replace(/^~(?=$|\/)/, homedir()))
  const isFile = (await stat(place).catch(() => null))?.isFile() ?? false
  if (isFile) await client.labels.lowerFile({ path: place, labels })
  else await client.labels.setFolder({ path: place, labels })
  const what = isFile ? 'this file, as long as its content stays as it is' : 'everything below this folder'
  if (io.json) io.out(JSON.stringify({ path: place, labels }))
  else io.out(labels.length > 0 ? `${words(labels)}: ${what}.` : `No label of its own any more: ${what}.`)
  return EXIT.done
}
