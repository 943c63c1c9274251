import type { Readable } from 'node:stream'
import type { ExecRequest } from './types.ts'

export interface Output {
  /** From here on it is the program that speaks. */
  begin(): void
  /** Once both streams have closed, but no longer than this many milliseconds. */
  finished(patience: number): Promise<void>
  taken(): { stdout: Uint8Array; stderr: Uint8Array }
}

export interface OutputOptions {
  streams: { stdout: Readable; stderr: Readable }
  /** Bytes kept of each stream. */
  limit: number
  onOutput: ExecRequest['onOutput'] | undefined
  /** When a stream has given four times its limit. */
  onFlood(): void
}

const FLOOD = 4

export function createOutput({ streams, limit, onOutput, onFlood }: OutputOptions): Output {
  let begun = false
  const keep = (name: 'stdout' | 'stderr'): Uint8Array[] => {
    const kept: Uint8Array[] = []
    let had = 0
    streams[name].on('error', () => undefined) // closing follows
    streams[name].on('data', (chunk: Uint8Array) => {
      const part = chunk.subarray(0, Math.max(0, limit - had))
      had += chunk.length
      if (part.length > 0) {
        kept.push(part)
        if (begun) onOutput?.(name, part)
      }
      if (had <= limit * FLOOD) return
      streams[name].destroy() // more of it would only fill the server
      onFlood()
    })
    return kept
  }
  const stdout = keep('stdout')
  const stderr = keep('stderr')
  return {
    begin: () => void (begun = true),
    async finished(patience) {
      const timer = Promise.withResolvers<void>()
      const clock = setTimeout(timer.resolve, patience)
      await Promise.race([Promise.all([closed(streams.stdout), closed(streams.stderr)]), timer.promise])
      clearTimeout(clock)
      streams.stdout.destroy()
      streams.stderr.destroy()
    },
    taken: () => ({ stdout: new Uint8Array(Buffer.concat(stdout)), stderr: new Uint8Array(Buffer.concat(stderr)) }),
  }
}

const closed = (stream: Readable) => new Promise<void>((resolve) => (stream.closed ? resolve() : stream.once('close', () => resolve())))
