import { createTwoFilesPatch } from 'diff'
import type { Content } from '../disk/view.ts'
import type { ChangeOf } from './changes.ts'
import { withContent } from './content.ts'
import type { ContentBlobs } from './content.ts'
import type { Sniffer } from './sniff.ts'
import type { Disk } from '../disk/disk.ts'
import type { Redactor } from '../../secrets/index.ts'

/** Texts above this many bytes are not shown. */
const SHOWN_BYTES = 256 * 1024
/** Beyond this many changed lines a comparison helps nobody and takes long. */
const CHANGED_LINES = 4000
/** Enough to tell a text from what is none. */
const HEAD_BYTES = 64 * 1024

/** What a write's change says of its content: a unified diff, or why there is none and what the content is. */
export type Shown = Pick<ChangeOf<'file-write'>, 'diff' | 'unshown' | 'type'>
export interface Side {
  content: Content
  size: number
}
export interface Showing {
  disk: Disk
  blobs: ContentBlobs
  sniffer: Sniffer
  redactor: Redactor
}

/** `before` is null for a new file, whose text is shown whole. */
export async function shownOf(showing: Showing, path: string, before: Side | null, after: Side): Promise<Shown> {
  if (after.content.kind === 'unknown' || before?.content.kind === 'unknown') return {}
  if (Math.max(before?.size ?? 0, after.size) > SHOWN_BYTES)
    return notShown(showing, path, after, (await isText(showing, after, HEAD_BYTES)) ? 'large' : 'binary')
  const [old, fresh] = [before && (await textIn(showing, before)), await textIn(showing, after)]
  if (old === undefined || fresh === undefined) return notShown(showing, path, after, 'binary')
  const diff =
    old === null
      ? newText(path, fresh)
      : createTwoFilesPatch(path, path, old, fresh, undefined, undefined, { context: 3, maxEditLength: CHANGED_LINES })
  return diff === undefined ? notShown(showing, path, after, 'changed-much') : { diff }
}

async function notShown(showing: Showing, path: string, { content }: Side, unshown: NonNullable<Shown['unshown']>): Promise<Shown> {
  const { mime } = await withContent(content, showing.disk, showing.blobs, (reader) => showing.sniffer.sniff(path, reader))
  return { unshown, type: mime }
}

const readIn = ({ disk, blobs }: Showing, { content }: Side, bytes: number): Promise<Uint8Array> =>
  withContent(content, disk, blobs, (reader) => reader.read(0, bytes))

/** Without values that are known: once a text is a diff, a value of several lines is no longer found in it. */
async function textIn(showing: Showing, side: Side): Promise<string | undefined> {
  const text = textOf(await readIn(showing, side, side.size))
  return text === undefined ? undefined : showing.redactor.text(text)
}

async function isText(showing: Showing, side: Side, bytes: number): Promise<boolean> {
  return textOf(await readIn(showing, side, bytes), true) !== undefined
}

/** `cut`: the last character may be half there. */
function textOf(bytes: Uint8Array, cut = false): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut })
  } catch {
    return undefined
  }
}

/** The unified diff from nothing to a text, in time that grows with the text alone. */
function newText(path: string, text: string): string {
  const head = `Index: ${path}\n${'='.repeat(67)}\n--- ${path}\n+++ ${path}\n`
  if (text === '') return head
  const ends = text.endsWith('\n')
  const lines = (ends ? text.slice(0, -1) : text).split('\n')
  const body = lines.map((line) => `+${line}\n`).join('')
  return `${head}@@ -0,0 +1,${lines.length} @@\n${body}${ends ? '' : '\\ No newline at end of file\n'}`
}
