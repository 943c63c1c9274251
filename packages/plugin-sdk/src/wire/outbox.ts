import { frameFault } from './fault.ts'
import { encodeFrame } from './frame.ts'
import { BODY_LIMIT, MESSAGE_LIMIT, OPEN_LIMIT, WINDOW } from './limits.ts'

export interface LongMessage {
  number: number
  total: number
  opening: Uint8Array
  parts: readonly Uint8Array[]
}
export interface Outbox {
  add(message: LongMessage): void
  credit(count: number): void
}

interface Sending {
  message: LongMessage
  chunks: Iterator<Uint8Array>
}

/** Sends long messages in frames, at most {@link WINDOW} ahead of the other side, several messages taking turns. */
export function createOutbox(write: (frame: Uint8Array) => void): Outbox {
  const waiting: LongMessage[] = []
  const sending: Sending[] = []
  let credits = WINDOW
  let announced = 0

  /** Opens as many messages as the other side may hold half-received. */
  function openMore(): void {
    while (waiting.length > 0 && sending.length < OPEN_LIMIT && announced + waiting[0]!.total <= MESSAGE_LIMIT) {
      const message = waiting.shift()!
      announced += message.total
      write(message.opening)
      sending.push({ message, chunks: chunksOf(message.parts) })
    }
  }

  function pump(): void {
    openMore()
    while (credits > 0 && sending.length > 0) {
      const current = sending.shift()!
      const next = current.chunks.next()
      if (next.done) {
        announced -= current.message.total
        openMore()
        continue
      }
      credits--
      write(encodeFrame(`{"m":${current.message.number}}`, [next.value]))
      sending.push(current)
    }
  }

  return {
    add(message) {
      waiting.push(message)
      pump()
    },
    credit(count) {
      credits += count
      if (credits > WINDOW) throw frameFault('the other side gives credit for what it was not sent')
      pump()
    },
  }
}

function* chunksOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += BODY_LIMIT) yield part.subarray(at, at + BODY_LIMIT)
  }
}
