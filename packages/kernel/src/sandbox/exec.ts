import { launch } from './box/launch.ts'
import type { Box, BoxEnd, Maker } from './box/types.ts'
import type { BoxPlan } from './box/plan.ts'
import { closed } from './box/track.ts'
import { execPlan } from './exec-box.ts'
import { boxFailed } from './faults.ts'
import type { Identity } from './identity.ts'
import { createOutput } from './output.ts'
import type { ExecOutcome, ExecRequest } from './types.ts'

/** A box that does not stand after this many milliseconds never will. */
const SET_UP = 15_000
/** Node ends itself so when its heap is full. */
const HEAP_FULL = 'JavaScript heap out of memory'

/** Runs one command in a box of its own. Errors: those of `Sandbox.exec`. */
export async function execInBox(
  maker: Maker,
  identity: Identity | null,
  users: BoxPlan['files'],
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecOutcome> {
  const plan = execPlan(request, users)
  const started = performance.now()
  const box = launch(maker, { plan, identity, pipe: false, stdin: request.stdin !== null })
  return follow(box, { request, signal, started })
}

type Cut = ExecOutcome['cut']

async function follow(
  box: Box,
  { request, signal, started }: { request: ExecRequest; signal: AbortSignal; started: number },
): Promise<ExecOutcome> {
  let cut: Cut = null
  const end = (why: Cut) => {
    cut ??= why
    box.kill()
  }
  const onAbort = () => end('cancelled')
  const output = createOutput({ box, limit: request.limits.output, onOutput: request.onOutput, onFlood: () => end('output') })
  const setUp = setTimeout(() => box.kill(), SET_UP)
  let clock: NodeJS.Timeout | undefined
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    feed(box, request.stdin)
    const entered = await box.entered
    clearTimeout(setUp)
    if (entered) {
      output.begin()
      clock = setTimeout(() => end('time'), request.limits.time)
    }
    const gone = await box.ended
    await Promise.all([closed(box.stdout), closed(box.stderr)])
    const { stdout, stderr } = output.taken()
    if (!entered && cut === null) throw boxFailed(gone.error?.message ?? Buffer.from(stderr).toString())
    cut ??= memoryCut(box, gone, stderr)
    return { ...endOf(gone, cut), stdout, stderr, cut, duration: performance.now() - started }
  } finally {
    clearTimeout(setUp)
    clearTimeout(clock)
    signal.removeEventListener('abort', onAbort)
    box.kill()
  }
}

/** Bubblewrap reports a program that a signal ended as 128 and the signal, as shells do. */
function endOf({ code }: BoxEnd, cut: Cut): Pick<ExecOutcome, 'code' | 'signal'> {
  return cut === null || code !== null ? { code, signal: null } : { code: null, signal: 'SIGKILL' }
}

function memoryCut(box: Box, { code }: BoxEnd, stderr: Uint8Array): Cut {
  if (code === 0) return null
  if (box.ranOutOfMemory()) return 'memory'
  return code !== null && code > 128 && Buffer.from(stderr).includes(HEAP_FULL) ? 'memory' : null
}

function feed({ stdin }: Box, bytes: Uint8Array | null): void {
  if (!stdin) return
  stdin.on('error', () => undefined) // a program need not read all of it
  stdin.end(bytes)
}
