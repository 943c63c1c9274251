import { LifeOsError, errorShape } from '@life-os/contract'
import type { ToolDescription } from '@life-os/contract'
import { LogValue, ProgressValue, createChannel, frameFault, readError, readFromPlugin } from '@life-os/plugin-sdk/wire'
import type { Channel, FromPlugin, ToPlugin } from '@life-os/plugin-sdk/wire'
import type { PluginProcess } from '../sandbox/index.ts'
import { callOver, crashed, startFailed } from './faults.ts'
import { createRunningCall } from './running-call.ts'
import type { Cut, RunningCall } from './running-call.ts'
import { createTalkLimit } from './talk.ts'
import type { Timers } from './timers.ts'
import type { PluginCall } from './types.ts'

/** Milliseconds. */
export interface Patience {
  /** From the spawn to `ready`. */
  start: number
  /** Between asking a call to stop and revoking it. */
  grace: number
  /** For the answer to a ping, and for an orderly stop. */
  ping: number
}

export interface LiveProcessOptions {
  plugin: string
  child: PluginProcess
  timers: Timers
  patience: Patience
  onLine(line: string): void
  onCallEnd(duration: number, ok: boolean): void
}

/** A plugin's process that was started. */
export interface LiveProcess {
  readonly pid: number | null
  readonly busy: number
  /** Rejects with `plugin-crashed` when its code cannot be loaded. */
  readonly ready: Promise<void>
  /** Resolves with how it ended. */
  readonly ended: Promise<string>
  call(call: PluginCall, tool: ToolDescription): Promise<unknown>
  /** Lets calls finish for the grace time, then ends it. */
  stop(grace?: number): Promise<void>
}

/** More host calls than this at once are no accident: the runtime keeps to 256. */
const HOST_CALLS = 1024
const LONGEST_TIMER = 2 ** 31 - 1

export function createLiveProcess({ plugin, child, timers, patience, onLine, onCallEnd }: LiveProcessOptions): LiveProcess {
  const calls = new Map<number, RunningCall & { finish(error: LifeOsError | null, value?: unknown): void }>()
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  const drained = new Set<() => void>()
  let nextId = 1
  let hostCalls = 0
  let reason: string | null = null
  let probe: { id: number; timer: Disposable } | null = null
  let over = false

  const talk = createTalkLimit(timers, (how) => end(how))
  talk.listen(child.stdout, onLine)
  talk.listen(child.stderr, onLine)
  const channel: Channel = createChannel({
    pipe: child.pipe,
    onMessage: (head, value, bytes) => take(readFromPlugin(head), value, bytes),
    onEnd(fault) {
      if (fault) end(fault.message)
      child.kill() // a process without its pipe has nothing to do
    },
  })
  const startTimer = timers.after(patience.start, () => end(`it was not ready within ${patience.start} ms`))
  ready.promise.catch(() => undefined) // whoever starts it waits for it
  void child.exited.then(({ code, signal, error }) => finish(error?.message ?? (signal ? `signal ${signal}` : `exit code ${code}`)))

  function end(how: string): void {
    reason ??= how
    child.kill()
  }

  /** Once the process is gone: whatever it still held fails. */
  function finish(how: string): void {
    if (over) return
    over = true
    reason ??= how
    child.kill() // what it may have left in its group
    channel.end()
    startTimer[Symbol.dispose]()
    probe?.timer[Symbol.dispose]()
    ready.reject(startFailed(plugin, `it ended before it was ready (${reason}).`))
    for (const running of calls.values()) running.finish(crashed(plugin, reason, running.applied()))
    ended.resolve(reason)
  }

  const tell = (message: ToPlugin, value?: unknown) => channel.send(message, value)

  function take(message: FromPlugin, value: unknown, bytes: boolean): void {
    switch (message.t) {
      case 'ready':
        startTimer[Symbol.dispose]()
        return ready.resolve()
      case 'failed':
        ready.reject(startFailed(plugin, readError(value).message))
        return end(`its code could not be loaded: ${readError(value).message}`)
      case 'result': return takeResult(message.id, value, bytes)
      case 'error': {
        const running = calls.get(message.id)
        return running ? running.finish(running.failure(value)) : talk.stray()
      }
      case 'host': return void takeHostCall(message, value)
      case 'pong': return takePong(message.id)
      case 'log': return takeLog(message, value)
      case 'progress': return takeProgress(message.call, value)
    }
  }

  function takeResult(id: number, value: unknown, bytes: boolean): void {
    const running = calls.get(id)
    if (!running) return talk.stray()
    if (!bytes) return running.finish(null, value ?? null)
    running.finish(new LifeOsError('output-invalid', `${running.tool.id} answered with raw bytes: keep them with host.blobs.put and answer with their name.`, { class: 'unexpected', applied: running.applied() }))
  }

  async function takeHostCall({ id, call, service }: Extract<FromPlugin, { t: 'host' }>, args: unknown): Promise<void> {
    const running = calls.get(call)
    if (!running) talk.stray()
    if (!Array.isArray(args)) return end('a host call came without its arguments')
    if (++hostCalls > HOST_CALLS) return end(`it made more than ${HOST_CALLS} host calls at once`)
    try {
      if (!running) throw callOver()
      tell({ t: 'answer', id }, await running.serve(service, args))
    } catch (thrown) {
      refuse(id, thrown)
    } finally {
      hostCalls--
    }
  }

  function refuse(id: number, thrown: unknown): void {
    const shape = errorShape(thrown)
    try {
      tell({ t: 'refusal', id }, shape)
    } catch {
      tell({ t: 'refusal', id }, { code: shape.code, class: shape.class, message: shape.message.slice(0, 8192) }) // details that cannot travel stay here
    }
  }

  function takeLog({ call, level }: Extract<FromPlugin, { t: 'log' }>, value: unknown): void {
    if (!talk.note()) return
    const note = LogValue.safeParse(value)
    if (!note.success) throw frameFault('a log note is malformed')
    onLine(`${level}: ${note.data.message}`)
    const running = call === undefined ? undefined : calls.get(call)
    running?.call.onProgress?.({ type: 'log', data: { level, ...note.data } })
  }

  function takeProgress(call: number, value: unknown): void {
    if (!talk.note()) return
    const note = ProgressValue.safeParse(value)
    if (!note.success) throw frameFault('a progress note is malformed')
    calls.get(call)?.call.onProgress?.({ type: 'progress', data: note.data })
  }

  function takePong(id: number): void {
    if (probe?.id !== id) return talk.stray()
    probe.timer[Symbol.dispose]()
    probe = null
  }

  /** Other runs share the process: it is killed only when it does not answer at all. */
  function ping(): void {
    if (probe || over) return
    const id = nextId++
    probe = { id, timer: timers.after(patience.ping, () => end(`it did not answer for ${patience.ping} ms after a call was revoked`)) }
    tell({ t: 'ping', id })
  }

  function cut(running: RunningCall & { finish(error: LifeOsError): void }, why: Cut, grace: number): void {
    if (running.cut !== null || !calls.has(running.id)) return
    running.cut = why
    tell({ t: 'abort', id: running.id, code: why === 'timeout' ? 'call-timeout' : 'call-cancelled' })
    const revoke = () => {
      if (!calls.has(running.id)) return
      running.controller.abort(running.cutOff())
      running.finish(running.cutOff())
      ping()
    }
    if (grace <= 0) revoke()
    else timers.after(grace, revoke)
  }

  function call(call: PluginCall, tool: ToolDescription): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const running = createRunningCall(nextId++, call, tool, performance.now())
      const onAbort = () => cut(entry, 'cancelled', isEmergency(call.signal.reason) ? 0 : patience.grace)
      const timer = Number.isFinite(call.timeout) ? timers.after(Math.min(call.timeout, LONGEST_TIMER), () => cut(entry, 'timeout', patience.grace)) : null
      const entry = Object.assign(running, {
        finish(error: LifeOsError | null, value?: unknown): void {
          if (!calls.delete(running.id)) return
          timer?.[Symbol.dispose]()
          call.signal.removeEventListener('abort', onAbort)
          if (error) running.controller.abort(error)
          onCallEnd(performance.now() - running.started, error === null)
          void whenSettled(running, error === null ? null : patience.grace).then(() => (error ? reject(error) : resolve(value)))
          if (calls.size === 0) for (const go of drained) go()
        },
      })
      calls.set(running.id, entry)
      call.signal.addEventListener('abort', onAbort)
      try {
        tell({ t: 'call', id: running.id, tool: call.tool, method: call.method, key: call.key, phase: call.phase }, call.input)
      } catch (thrown) {
        entry.finish(new LifeOsError('input-invalid', thrown instanceof Error ? thrown.message : String(thrown), { applied: 'no', cause: thrown }))
      }
      if (call.signal.aborted) onAbort()
    })
  }

  /** A call ends when the host calls it left running have ended, so that no effect trails behind its result. */
  async function whenSettled(running: RunningCall, atMost: number | null): Promise<void> {
    if (running.pending.size === 0) return
    const settled = Promise.allSettled(running.pending)
    if (atMost === null) return void (await settled)
    await Promise.race([settled, new Promise<void>((resolve) => timers.after(atMost, resolve))])
  }

  async function stop(grace = patience.grace): Promise<void> {
    if (over) return
    if (calls.size > 0 && grace > 0) await new Promise<void>((resolve) => drained.add(resolve) && timers.after(grace, resolve))
    for (const running of [...calls.values()]) cut(running, 'cancelled', 0)
    tell({ t: 'stop' })
    const timer = timers.after(patience.ping, () => end('it did not stop when asked'))
    await ended.promise
    timer[Symbol.dispose]()
  }

  return { pid: child.pid ?? null, get busy() { return calls.size }, ready: ready.promise, ended: ended.promise, call, stop }
}

/** The emergency stop gives no grace. */
function isEmergency(reason: unknown): boolean {
  return reason instanceof LifeOsError && reason.code === 'emergency-stop'
}
