import type { Duplex } from 'node:stream'
import { LifeOsError } from '@life-os/contract'
import { frameFault } from './fault.ts'
import { createFrameReader, encodeFrame } from './frame.ts'
import type { Frame } from './frame.ts'
import { BACKLOG_LIMIT, BODY_LIMIT, INLINE_LIMIT, MESSAGE_LIMIT } from './limits.ts'
import { createOutbox } from './outbox.ts'
import { createInbox } from './inbox.ts'
import { readHeader } from './header.ts'
import type { Head } from './header.ts'
import { cleanse, pack, unpack } from './value.ts'

export interface ChannelOptions {
  pipe: Duplex
  /** `bytes`: the value holds Uint8Array somewhere. */
  onMessage(head: Head, value: unknown, bytes: boolean): void
  /** Once, with `frame-invalid` when the other side broke the framing, with nothing when the pipe closed. */
  onEnd(fault?: LifeOsError): void
}

/**
 * Messages over one duplex pipe. Values are JSON plus Uint8Array; long ones are cut into frames under credits, so that
 * short messages pass them. Whatever arrives broken ends the channel and nothing else.
 */
export interface Channel {
  /** Throws `frame-invalid` for a value that cannot travel: too long, too deep, circular, a BigInt. */
  send(head: Head, value?: unknown): void
  /** Hands everything sent so far to the pipe at once; for a process about to end. */
  flush(): void
  /** Frames received so far; for limits on how much a side may talk. */
  readonly received: number
  end(fault?: LifeOsError): void
}

/** Bytes of short frames that wait for the end of the turn. */
const GATHER_LIMIT = 64 * 1024

export function createChannel({ pipe, onMessage, onEnd }: ChannelOptions): Channel {
  let ended = false
  let received = 0
  let sequence = 0
  let gathered: Uint8Array[] = []
  let gatheredBytes = 0

  function end(fault?: LifeOsError): void {
    if (ended) return
    ended = true
    pipe.destroy()
    onEnd(fault)
  }

  /** Short frames of one turn of the event loop leave in one write. */
  function write(frame: Uint8Array): void {
    if (ended) return
    if (gathered.length === 0) process.nextTick(flush)
    gathered.push(frame)
    gatheredBytes += frame.length
    if (gatheredBytes > GATHER_LIMIT) flush()
  }
  function flush(): void {
    if (ended || gathered.length === 0) return
    const frames = gathered
    gathered = []
    pipe.write(frames.length === 1 ? frames[0]! : Buffer.concat(frames, gatheredBytes)) // one at least
    gatheredBytes = 0
    if (pipe.writableLength > BACKLOG_LIMIT) end(frameFault('the other side does not read'))
  }

  const outbox = createOutbox(write)
  const inbox = createInbox({
    onMessage,
    giveCredit: (count) => write(encodeFrame(`{"c":${count}}`)),
  })

  function send(head: Head, value?: unknown): void {
    if (ended) return
    const { json, marks, parts, size } = packed(value)
    const bytes = marks.length > 0 ? `,"b":${JSON.stringify(marks.map((mark) => [mark.path, mark.size]))}` : ''
    const start = `{"h":${JSON.stringify(head)}${bytes}`
    if (size <= BODY_LIMIT && (json === undefined || json.length <= INLINE_LIMIT)) {
      return write(encodeFrame(json === undefined ? `${start}}` : `${start},"v":${json}}`, parts))
    }
    const text = Buffer.from(json ?? 'null')
    const total = text.length + size
    if (total > MESSAGE_LIMIT) throw tooLong(total)
    const opening = encodeFrame(`${start},"m":[${++sequence},${text.length},${total}]}`)
    outbox.add({ number: sequence, total, opening, parts: [text, ...parts] })
  }

  function take(frame: Frame): void {
    if (ended) return
    received++
    const header = readHeader(frame.header)
    if (header.kind === 'credit') return outbox.credit(header.count)
    if (header.kind === 'part') return inbox.part(header.number, frame.body)
    if (header.kind === 'opening') return inbox.open(header, frame.body)
    cleanse(header.value)
    const bytes = header.marks.length > 0
    onMessage(header.head, bytes || frame.body.length > 0 ? unpack(header.value, header.marks, frame.body) : header.value, bytes)
  }

  const read = createFrameReader(take)
  pipe.on('data', (chunk: Uint8Array) => {
    if (ended) return
    try {
      read(chunk)
    } catch (thrown) {
      end(thrown instanceof LifeOsError ? thrown : frameFault(thrown instanceof Error ? thrown.message : 'a message could not be read'))
    }
  })
  pipe.on('error', () => end())
  pipe.on('close', () => end())
  pipe.on('end', () => end())

  return {
    send,
    end,
    flush,
    get received() {
      return received
    },
  }
}

function packed(value: unknown): ReturnType<typeof pack> {
  try {
    return pack(value)
  } catch (thrown) {
    if (thrown instanceof LifeOsError) throw thrown
    throw new LifeOsError(
      'frame-invalid',
      `A value cannot travel: ${thrown instanceof Error ? thrown.message : String(thrown)}. Use JSON values and Uint8Array.`,
      { cause: thrown },
    )
  }
}

function tooLong(size: number): LifeOsError {
  const mib = (bytes: number) => Math.round(bytes / 1024 / 1024)
  return new LifeOsError(
    'value-too-long',
    `A value of ${mib(size)} MiB is above the limit of ${mib(MESSAGE_LIMIT)} MiB: pass big bytes as a blob and long lists in pages.`,
  )
}
