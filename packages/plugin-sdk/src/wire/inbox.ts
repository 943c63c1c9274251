import { frameFault } from './fault.ts'
import type { Head, Opening } from './header.ts'
import { MESSAGE_LIMIT, OPEN_LIMIT } from './limits.ts'
import { cleanse, unpack } from './value.ts'

interface Half {
  opening: Opening
  parts: Uint8Array[]
  had: number
}

export interface Inbox {
  open(opening: Opening, body: Uint8Array): void
  part(number: number, body: Uint8Array): void
}

export interface InboxOptions {
  onMessage(head: Head, value: unknown, bytes: boolean): void
  giveCredit(count: number): void
}

/** Joins the frames of long messages. What half-received messages hold is bounded by what they announced. */
export function createInbox({ onMessage, giveCredit }: InboxOptions): Inbox {
  const halves = new Map<number, Half>()
  let announced = 0

  function finish(half: Half): void {
    const { opening } = half
    halves.delete(opening.number)
    announced -= opening.total
    const bytes = Buffer.concat(half.parts, opening.total)
    if (opening.json > bytes.length) throw frameFault('a message is shorter than its JSON')
    const value: unknown = JSON.parse(bytes.toString('utf8', 0, opening.json))
    cleanse(value)
    onMessage(
      opening.head,
      unpack(value, opening.marks, new Uint8Array(bytes.buffer, bytes.byteOffset + opening.json, bytes.length - opening.json)),
      opening.marks.length > 0,
    )
  }

  return {
    open(opening, body) {
      announced += opening.total
      if (body.length > 0 || opening.total === 0 || halves.has(opening.number)) throw frameFault('a long message opens wrongly')
      if (announced > MESSAGE_LIMIT || halves.size >= OPEN_LIMIT) throw frameFault('too much is under way at once')
      halves.set(opening.number, { opening, parts: [], had: 0 })
    },
    part(number, body) {
      const half = halves.get(number)
      if (!half || body.length === 0) throw frameFault('a frame belongs to no message')
      half.parts.push(body)
      half.had += body.length
      if (half.had > half.opening.total) throw frameFault('a message is longer than it said')
      giveCredit(1)
      if (half.had === half.opening.total) finish(half)
    },
  }
}
