import { LifeOsError } from '@life-os/contract'
import type { ToolDescription } from '@life-os/contract'
import type { ToPlugin } from '@life-os/plugin-sdk/wire'
import { createRunningCall } from './running-call.ts'
import type { Cut, RunningCall } from './running-call.ts'
import type { Timers } from './timers.ts'
import type { PluginCall } from './types.ts'

export type TabledCall = RunningCall & {
  /** Ends the call once, with an error or a value. */
  finish(error: LifeOsError | null, value?: unknown): void
}

export interface CallTable {
  readonly size: number
  get(id: number): TabledCall | undefined
  add(call: PluginCall, tool: ToolDescription): Promise<unknown>
  /** Fails every call with what the function says of it. */
  failAll(error: (running: RunningCall) => LifeOsError): void
  /** Revokes every call without grace. */
  revokeAll(): void
  /** Resolves when no call is left, or after the time given. */
  drained(atMost: number): Promise<void>
}

export interface CallTableOptions {
  timers: Timers
  grace: number
  nextId(): number
  tell(message: ToPlugin, value?: unknown): void
  /** After a call was revoked that did not stop by itself. */
  onRevoked(): void
  onCallEnd(duration: number, ok: boolean): void
}

const LONGEST_TIMER = 2 ** 31 - 1

/** The calls under way in one process, and how each may end: by its answer, by time, by cancelling, with the process. */
export function createCallTable({ timers, grace, nextId, tell, onRevoked, onCallEnd }: CallTableOptions): CallTable {
  const calls = new Map<number, TabledCall>()
  const waiting = new Set<() => void>()

  function add(call: PluginCall, tool: ToolDescription): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const running = createRunningCall(nextId(), call, tool, performance.now())
    const onAbort = () => cut(entry, 'cancelled', isEmergency(call.signal.reason) ? 0 : grace)
    const timer = Number.isFinite(call.timeout)
      ? timers.after(Math.min(call.timeout, LONGEST_TIMER), () => cut(entry, 'timeout', grace))
      : null
    const answer = (error: LifeOsError | null, value: unknown) => (error ? reject(error) : resolve(value))
    const entry: TabledCall = Object.assign(running, {
      finish(error: LifeOsError | null, value?: unknown): void {
        if (!calls.delete(running.id)) return
        timer?.[Symbol.dispose]()
        call.signal.removeEventListener('abort', onAbort)
        if (error) running.abort(error)
        onCallEnd(performance.now() - running.started, error === null)
        if (running.pending.size === 0) answer(error, value)
        else void settled(running, error !== null).then(() => answer(error, value))
        if (calls.size === 0) for (const go of waiting) go()
      },
    })
    calls.set(running.id, entry)
    call.signal.addEventListener('abort', onAbort)
    send(entry)
    if (call.signal.aborted) onAbort()
    return promise
  }

  function send(entry: TabledCall): void {
    const { id, call } = entry
    try {
      tell({ t: 'call', id, tool: call.tool, method: call.method, key: call.key, phase: call.phase }, call.input)
    } catch (thrown) {
      entry.finish(
        new LifeOsError('input-invalid', thrown instanceof Error ? thrown.message : String(thrown), { applied: 'no', cause: thrown }),
      )
    }
  }

  /** Asks a call to stop and revokes it when it has not by the end of the grace time. */
  function cut(entry: TabledCall, why: Cut, time: number): void {
    if (entry.cut !== null || !calls.has(entry.id)) return
    entry.cut = why
    tell({ t: 'abort', id: entry.id, code: why === 'timeout' ? 'call-timeout' : 'call-cancelled' })
    if (time <= 0) revoke(entry)
    else timers.after(time, () => revoke(entry))
  }

  function revoke(entry: TabledCall): void {
    if (!calls.has(entry.id)) return
    entry.finish(entry.cutOff())
    onRevoked()
  }

  /** A call ends when the host calls it left running have ended, so that no effect trails behind its result. */
  async function settled(running: RunningCall, failed: boolean): Promise<void> {
    const all = Promise.allSettled(running.pending)
    if (!failed) return void (await all)
    const { promise, resolve } = Promise.withResolvers<void>()
    using _timer = timers.after(grace, resolve)
    await Promise.race([all, promise])
  }

  return {
    get size() {
      return calls.size
    },
    get: (id) => calls.get(id),
    add,
    failAll(errorOf) {
      for (const entry of calls.values()) entry.finish(errorOf(entry))
    },
    revokeAll() {
      for (const entry of calls.values()) {
        cut(entry, 'cancelled', 0)
        revoke(entry) // also one that is in its grace time already
      }
    },
    async drained(atMost) {
      if (calls.size === 0 || atMost <= 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.add(resolve)
      using _timer = timers.after(atMost, resolve)
      await promise
      waiting.delete(resolve)
    },
  }
}

/** The emergency stop gives no grace. */
function isEmergency(reason: unknown): boolean {
  return reason instanceof LifeOsError && reason.code === 'emergency-stop'
}
