import type { Readable } from 'node:stream'
import type { ExecRequest } from './types.ts'

export interface Output {
  /** From here on it is the program that speaks. */
  begin(): void
  taken(): { stdout: Uint8Array; stderr: Uint8Array }
}

export interface OutputOptions {
  box: { stdout: Readable; stderr: Readable }
  /** Bytes kept of each stream. */
  limit: number
  onOutput: ExecRequest['onOutput'] | undefined
  /** Once, when a stream has given four times its limit. */
  onFlood(): void
}

const FLOOD = 4

export function createOutput({ box, limit, onOutput, onFlood }: OutputOptions): Output {
  let begun = false
  const keep = (name: 'stdout' | 'stderr'): Uint8Array[] => {
    const kept: Uint8Array[] = []
    let had = 0
    box[name].on('data', (chunk: Uint8Array) => {
      const room = Math.max(0, limit - had)
      had += chunk.length
      if (room > 0) kept.push(chunk.subarray(0, room))
      if (had > limit * FLOOD) {
        box[name].pause() // what comes from here on is of no use; the box is being ended
        box[name].destroy()
        onFlood()
      } else if (begun && room > 0) onOutput?.(name, chunk.subarray(0, room))
    })
    box[name].on('error', () => undefined)
    return kept
  }
  const stdout = keep('stdout')
  const stderr = keep('stderr')
  return {
    begin: () => void (begun = true),
    taken: () => ({ stdout: new Uint8Array(Buffer.concat(stdout)), stderr: new Uint8Array(Buffer.concat(stderr)) }),
  }
}
