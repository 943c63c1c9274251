import type { Readable } from 'node:stream'
import type { JSONRPCMessage, ReadBuffer, Transport } from '@modelcontextprotocol/client'
import type { ServedProcess } from '../sandbox/types.ts'
import { LIMITS } from './limits.ts'

export interface StdioTransport extends Transport {
  readonly pid: number | null
  readonly stderr: Readable
  /** A call began or ended: what comes unasked is counted from here. */
  calm(): void
}
interface Framing {
  ReadBuffer: new (options: { maxBufferSize: number }) => ReadBuffer
  serializeMessage(message: JSONRPCMessage): string
}

/** How long a server may take to end by itself once its input is closed. */
const LAST_WORDS = 2000

/** Lines of JSON over a boxed program's streams. `misuse`: it sends what no server sends by accident; it is ended then. */
export function createStdioTransport(
  served: ServedProcess,
  { ReadBuffer, serializeMessage }: Framing,
  misuse: (how: string) => void,
): StdioTransport {
  const buffer = new ReadBuffer({ maxBufferSize: LIMITS.message })
  let bad = 0
  let loose = 0
  let closed = false
  const transport: StdioTransport = {
    pid: served.pid ?? null,
    stderr: served.stderr,
    calm: () => void (loose = 0),
    async start() {
      served.stdin.on('error', () => undefined) // it is gone: `ended` tells
      served.stdout.on('error', () => undefined)
      served.stdout.on('data', take)
      void served.ended.then(() => over())
    },
    async send(message) {
      if (closed || !served.stdin.writable) throw new Error('the server has ended')
      if (!served.stdin.write(serializeMessage(message)))
        await new Promise<void>((resolve) => {
          served.stdin.once('drain', resolve)
          void served.ended.then(() => resolve())
        })
    },
    async close() {
      served.stdin.end()
      const clock = setTimeout(() => served.kill(), LAST_WORDS)
      await served.ended
      clearTimeout(clock)
      over()
    },
  }
  function over(): void {
    if (closed) return
    closed = true
    transport.onclose?.()
  }
  function end(how: string): void {
    misuse(how)
    served.stdout.off('data', take)
    served.kill()
  }
  function take(chunk: Buffer): void {
    try {
      buffer.append(chunk)
    } catch {
      return end(`it sent a message of more than ${LIMITS.message} bytes`)
    }
    for (;;) {
      try {
        const message = buffer.readMessage()
        if (message === null) return
        if ('method' in message && ++loose > LIMITS.noise) return end('it talks without being asked')
        transport.onmessage?.(message)
      } catch (error) {
        transport.onerror?.(error instanceof Error ? error : new Error(String(error)))
        if (++bad > LIMITS.noise) return end('it sends lines that are no messages')
      }
    }
  }
  return transport
}
