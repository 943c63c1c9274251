import { StringDecoder } from 'node:string_decoder'
import type { CommandResult } from '@life-os/plugin-sdk'
import type { ExecOutcome } from '../../sandbox/types.ts'
import type { Redactor } from '../../secrets/types.ts'
import type { CallScope } from '../types.ts'

type Note = Parameters<NonNullable<CallScope['onOutput']>>[0]

/** Output is passed on in pieces of at least this, or after this many milliseconds. */
const PIECE = 8192
const WAIT = 100
/** Of one stream at most this many characters are shown live; the result has what the command's limit keeps. */
const SHOWN = 1_000_000

/** Passes output on as it comes, in whole characters, without known secrets, and not more often than people read. */
export interface LiveOutput extends Disposable {
  take(stream: 'stdout' | 'stderr', chunk: Uint8Array): void
}

export function createLiveOutput(show: (note: Note) => void, redactor: Redactor): LiveOutput {
  const streams = { stdout: createStream(show, redactor, 'stdout'), stderr: createStream(show, redactor, 'stderr') }
  return {
    take: (stream, chunk) => streams[stream].take(chunk),
    [Symbol.dispose]() {
      for (const stream of Object.values(streams)) stream.end()
    },
  }
}

function createStream(show: (note: Note) => void, redactor: Redactor, stream: Note['stream']) {
  const clean = redactor.stream()
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
      const piece = decoder.write(bufferOf(clean.push(chunk)))
      shown += piece.length
      text += piece
      if (text.length >= PIECE) flush()
      else timer ??= setTimeout(flush, WAIT).unref()
    },
    end() {
      text += decoder.end(bufferOf(clean.end()))
      flush()
    },
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** What a command said, without known secrets. */
export const textOf = (bytes: Uint8Array, redactor: Redactor): string => new TextDecoder().decode(redactor.bytes(bytes))

/** What the tool is told, without known secrets. A cancelled command throws the reason for it instead. */
export function resultOf(outcome: ExecOutcome, redactor: Redactor, signal: AbortSignal): CommandResult {
  const { code, cut, duration } = outcome
  if (cut === 'cancelled') {
    signal.throwIfAborted()
    throw new Error('a command was cancelled by nobody')
  }
  return {
    code,
    signal: outcome.signal,
    stdout: textOf(outcome.stdout, redactor),
    stderr: textOf(outcome.stderr, redactor),
    cut,
    duration: Math.round(duration),
  }
}
