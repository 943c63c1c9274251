import type { Readable, Writable } from 'node:stream'
import type { BoxEnd } from './box/types.ts'
import { boxFailed } from './faults.ts'
import { createOutput } from './output.ts'
import type { ExecOutcome, ExecRequest } from './types.ts'

/** A command that was started, and how to be rid of it. */
export interface Started {
  request: ExecRequest
  signal: AbortSignal
  /** Whether the program itself was reached. */
  entered: Promise<boolean>
  ended: Promise<BoxEnd>
  streams: { stdin: Writable | null; stdout: Readable; stderr: Readable }
  ranOutOfMemory(): boolean
  kill(): void
}

type Cut = ExecOutcome['cut']

/** A box that does not stand after this many milliseconds never will. */
const SET_UP = 15_000
/** How often it is looked whether the kernel killed in the box: what is left of a command then is of no use. */
const LOOK = 200
/** How long output may come after the end: where there is no box, what survived may hold the streams open. */
const LAST_WORDS = 1000
/** Node ends itself so when its heap is full. */
const HEAP_FULL = 'JavaScript heap out of memory'

/** Feeds it, keeps its output within limits and ends it in time. */
export async function collect({ request, signal, entered, ended, streams, ranOutOfMemory, kill }: Started): Promise<ExecOutcome> {
  const started = performance.now()
  let cut: Cut = null
  const end = (why: Cut) => {
    cut ??= why
    kill()
  }
  const onAbort = () => end('cancelled')
  const output = createOutput({ streams, limit: request.limits.output, onOutput: request.onOutput, onFlood: () => end('output') })
  const setUp = setTimeout(kill, SET_UP)
  let clock: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    feed(streams.stdin, request.stdin)
    const reached = await entered
    clearTimeout(setUp)
    if (reached) {
      output.begin()
      clock = setTimeout(() => end('time'), request.limits.time)
      watch = setInterval(() => ranOutOfMemory() && end('memory'), LOOK)
    }
    const gone = await ended
    await output.finished(LAST_WORDS)
    const { stdout, stderr } = output.taken()
    if (!reached && cut === null) throw boxFailed(gone.error?.message ?? Buffer.from(stderr).toString())
    if (ranOutOfMemory() || isHeapFull(gone, stderr)) cut ??= 'memory'
    return { ...endOf(gone, cut), stdout, stderr, cut, duration: performance.now() - started }
  } finally {
    clearTimeout(setUp)
    clearTimeout(clock)
    clearInterval(watch)
    signal.removeEventListener('abort', onAbort)
    kill()
  }
}

/** What was cut has no code of its own. Bubblewrap reports a program that a signal ended as 128 and the signal, as shells do. */
function endOf({ code, signal }: BoxEnd, cut: Cut): Pick<ExecOutcome, 'code' | 'signal'> {
  return cut === null || cut === 'memory' ? { code, signal } : { code: null, signal: 'SIGKILL' }
}

function isHeapFull({ code, signal }: BoxEnd, stderr: Uint8Array): boolean {
  return (signal !== null || Number(code) > 128) && Buffer.from(stderr).includes(HEAP_FULL)
}

function feed(stdin: Writable | null, bytes: Uint8Array | null): void {
  if (!stdin) return
  stdin.on('error', () => undefined) // a program need not read all of it
  stdin.end(bytes)
}
