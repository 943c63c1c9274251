import { z } from 'zod'
import type { ToolDescription } from '@life-os/contract'
import { createChannel, readError } from '@life-os/plugin-sdk/wire'
import type { ToPlugin } from '@life-os/plugin-sdk/wire'
import type { PluginProcess } from '../sandbox/index.ts'
import { createCallTable } from './call-table.ts'
import { crashed, startFailed } from './faults.ts'
import { createIncoming } from './incoming.ts'
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
  onLine(line: string, level?: string): void
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
  /** Asks the plugin's own `health` hook; null when it has none to tell or is gone. */
  health(): Promise<{ ok: boolean; message?: string | undefined } | null>
  /** Lets calls finish for the grace time, revokes the rest and ends it. */
  stop(grace?: number): Promise<void>
}

const Answer = z.object({ ok: z.boolean(), message: z.string().max(2000).optional() })

/** How long the pipe of a process that is gone may take to close. */
const LAST_WORDS = 1000

export function createLiveProcess({ plugin, child, timers, patience, onLine, onCallEnd }: LiveProcessOptions): LiveProcess {
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  const pipeEnded = Promise.withResolvers<void>()
  let lastId = 0
  let reason: string | null = null
  let probe: { id: number; timer: Disposable } | null = null
  let over = false

  const nextId = () => ++lastId
  const tell = (message: ToPlugin, value?: unknown) => channel.send(message, value)
  const talk = createTalkLimit(timers, end)
  const calls = createCallTable({ timers, grace: patience.grace, nextId, tell, onRevoked: ping, onCallEnd })
  const startTimer = timers.after(patience.start, () => end(`it was not ready within ${patience.start} ms`))
  const asked = new Map<number, (answer: z.infer<typeof Answer> | null) => void>()
  const onCallMessage = createIncoming({
    calls,
    talk,
    tell,
    onLine,
    onReady() {
      startTimer[Symbol.dispose]()
      ready.resolve()
    },
    onFailed(why) {
      ready.reject(startFailed(plugin, why))
      end(`its code could not be loaded: ${why}`)
    },
    onPong,
    onMisuse: end,
  })
  const channel = createChannel({
    pipe: child.pipe,
    onMessage(head, value, bytes) {
      const answer = asked.get(Number(head['id']))
      if (answer && (head.t === 'result' || head.t === 'error')) return answer(healthOf(head.t, value))
      onCallMessage(head, value, bytes)
    },
    onEnd(fault) {
      if (fault) end(fault.message)
      pipeEnded.resolve()
      child.kill() // a process without its pipe has nothing to do
    },
  })
  ready.promise.catch(() => undefined) // whoever starts it waits for it
  talk.listen(child.stdout, onLine)
  talk.listen(child.stderr, onLine)
  void child.exited.then(async ({ code, signal, error }) => {
    using _timer = timers.after(LAST_WORDS, pipeEnded.resolve)
    await pipeEnded.promise // what it said before it ended still counts
    conclude(error?.message ?? (signal ? `signal ${signal}` : `exit code ${code}`))
  })

  function end(how: string): void {
    reason ??= how
    child.kill()
    channel.end() // what it says from here on is not listened to
  }

  /** Once the process is gone: whatever it still held fails. */
  function conclude(how: string): void {
    over = true
    const why = (reason ??= how)
    child.kill() // what it may have left in its group
    channel.end()
    startTimer[Symbol.dispose]()
    probe?.timer[Symbol.dispose]()
    ready.reject(startFailed(plugin, `it ended before it was ready (${why}).`))
    for (const answer of asked.values()) answer(null)
    calls.failAll((running) => crashed(plugin, why, running.applied()))
    ended.resolve(why)
  }

  /** Other runs share the process: it is killed only when it does not answer at all. */
  function ping(): void {
    if (probe || over) return
    const id = nextId()
    probe = { id, timer: timers.after(patience.ping, () => end(`it did not answer for ${patience.ping} ms after a call was revoked`)) }
    tell({ t: 'ping', id })
  }

  function onPong(id: number): void {
    if (probe?.id !== id) return talk.stray()
    probe.timer[Symbol.dispose]()
    probe = null
  }

  function health(): ReturnType<LiveProcess['health']> {
    if (over) return Promise.resolve(null)
    const id = nextId()
    const { promise, resolve } = Promise.withResolvers<z.infer<typeof Answer> | null>()
    asked.set(id, (answer) => {
      asked.delete(id)
      resolve(answer)
    })
    tell({ t: 'health', id })
    return promise
  }

  async function stop(grace = patience.grace): Promise<void> {
    if (over) return
    await calls.drained(grace)
    calls.revokeAll()
    tell({ t: 'stop' })
    using _timer = timers.after(patience.ping, () => end('it did not stop when asked'))
    await ended.promise
  }

  return {
    pid: child.pid ?? null,
    get busy() {
      return calls.size
    },
    ready: ready.promise,
    ended: ended.promise,
    call: async (call, tool) => (over ? Promise.reject(crashed(plugin, reason ?? 'it is gone', 'no')) : calls.add(call, tool)),
    health,
    stop,
  }
}

/** What a health hook answered, or that it failed. */
function healthOf(kind: 'result' | 'error', value: unknown): z.infer<typeof Answer> {
  if (kind === 'error') return { ok: false, message: readError(value).message }
  const read = Answer.safeParse(value)
  return read.success ? read.data : { ok: false, message: 'Its health hook answered in no readable form.' }
}
