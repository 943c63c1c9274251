import type { Readable } from 'node:stream'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { ServedProcess } from '../sandbox/types.ts'
import { LIMITS } from './limits.ts'
import { createLineReader } from './line-reader.ts'

export interface StdioTransport extends Transport {
  readonly pid: number | null
  readonly stderr: Readable
  /** A call began or ended: what comes unasked is counted from here. */
  calm(): void
}
interface Framing {
  deserializeMessage(line: string): JSONRPCMessage
  serializeMessage(message: JSONRPCMessage): string
}

/** How long a server may take to end by itself once its input is closed. */
const LAST_WORDS = 2000

/** Lines of JSON over a boxed program's streams. `misuse`: it sends what no server sends by accident; it is ended then. */
export function createStdioTransport(
  served: ServedProcess,
  { deserializeMessage, serializeMessage }: Framing,
  misuse: (how: string) => void,
): StdioTransport {
  const reader = createLineReader(LIMITS.message)
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
    let lines: string[]
    try {
      lines = reader.take(chunk)
    } catch {
      return end(`it sent a message of more than ${LIMITS.message} bytes`)
    }
    for (const line of lines) if (line.trim() !== '' && !closed) hear(line)
  }
  function hear(line: string): void {
    let message: JSONRPCMessage
    try {
      message = deserializeMessage(line)
    } catch (error) {
      if (++bad > LIMITS.noise) return end('it sends lines that are no messages')
      return bad === 1 ? transport.onerror?.(error instanceof Error ? error : new Error(String(error))) : undefined
    }
    if ('method' in message && ++loose > LIMITS.noise) return end('it talks without being asked')
    transport.onmessage?.(message)
  }
  return transport
}
