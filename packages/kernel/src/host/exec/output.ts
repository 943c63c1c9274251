import { StringDecoder } from 'node:string_decoder'
import type { CommandResult } from '@life-os/plugin-sdk'
import type { ExecOutcome } from '../../sandbox/types.ts'
import type { CallScope } from '../types.ts'

type Note = Parameters<NonNullable<CallScope['onOutput']>>[0]

/** Output is passed on in pieces of at least this, or after this many milliseconds. */
const PIECE = 8192
const WAIT = 100
/** Of one stream at most this many characters are shown live; the result has what the command's limit keeps. */
const SHOWN = 1_000_000

/** Passes output on as it comes, in whole characters and not more often than people read. */
export interface LiveOutput extends Disposable {
  take(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
}

export function createLiveOutput(show: (note: Note) => void): LiveOutput {
  const streams = { stdout: createStream(show, 'stdout'), stderr: createStream(show, 'stderr') }
  return {
    take: (stream, chunk) => streams[stream].take(chunk),
    [Symbol.dispose]() {
      for (const stream of Object.values(streams)) stream.end()
    },
  }
}

function createStream(show: (note: Note) => void, stream: Note['stream']) {
  const decoder = new StringDecoder('utf8')
  let text = ''
  let shown = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (text !== '') show({ stream, text })
    text = ''
  }
  return {
    take(chunk: Uint8Array) {
      if (shown >= SHOWN) return
      const piece = decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      shown += piece.length
      text += piece
      if (text.length >= PIECE) flush()
      else timer ??= setTimeout(flush, WAIT).unref()
    },
    end() {
      text += decoder.end()
      flush()
    },
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** What the tool is told. A cancelled command throws the reason for it instead. */
export function resultOf(outcome: ExecOutcome, signal: AbortSignal): CommandResult {
  const { code, cut, duration } = outcome
  if (cut === 'cancelled') {
    signal.throwIfAborted()
    throw new Error('a command was cancelled by nobody')
  }
  return {
    code,
    signal: outcome.signal,
    stdout: textOf(outcome.stdout),
    stderr: textOf(outcome.stderr),
    cut,
    duration: Math.round(duration),
  }
}
