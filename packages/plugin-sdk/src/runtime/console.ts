import { formatWithOptions } from 'node:util'
import type { Channel } from '../wire/index.ts'

const LEVELS = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error', trace: 'debug' } as const

/** console.* becomes log frames of at most 8 KiB; it never writes to a stream that the host reads. */
export function sendConsole(channel: Pick<Channel, 'send'>): void {
  for (const [name, level] of Object.entries(LEVELS)) {
    const write = (...args: unknown[]) =>
      channel.send({ t: 'log', level }, { message: formatWithOptions({ depth: 4 }, ...args).slice(0, 8192) })
    Object.defineProperty(console, name, { value: write, writable: true, configurable: true })
  }
}
