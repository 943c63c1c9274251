import { LifeOsError, errorFromShape } from '@life-os/contract'
import type { ErrorShape } from '@life-os/contract'
import type { PluginV1 } from '../define.ts'
import { createHostClient, describeTool, executeTool, toolError } from '../tool/index.ts'
import type { Channel, ToPlugin } from '../wire/index.ts'

interface Waiter {
  resolve(value: unknown): void
  reject(error: unknown): void
  call: number
}

/** Host calls under way at once; more of them wait here, so that no tool floods the host by accident. */
const HOST_CALLS = 256

export interface Calls {
  handle(message: ToPlugin, value: unknown): void
}

/** Answers the host: tool calls side by side, each with a host of its own that dies with the call. */
export function createCalls(plugin: PluginV1, channel: Pick<Channel, 'send'>): Calls {
  const tools = new Map(plugin.tools.map((tool) => [tool.id, tool]))
  const running = new Map<number, Stop>()
  const waiters = new Map<number, Waiter>()
  const queue: (() => void)[] = []
  let nextHostCall = 1

  function ask(call: number, service: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const start = () => {
        if (!running.has(call)) return reject(callOver())
        const id = nextHostCall++
        waiters.set(id, { resolve, reject, call })
        try {
          channel.send({ t: 'host', id, call, service }, args)
        } catch (thrown) {
          settle(id)
          reject(thrown)
        }
      }
      if (waiters.size < HOST_CALLS) start()
      else queue.push(start)
    })
  }

  function settle(id: number): Waiter | undefined {
    const waiter = waiters.get(id)
    waiters.delete(id)
    while (waiters.size < HOST_CALLS && queue.length > 0) queue.shift()!()
    return waiter
  }

  async function call(message: Extract<ToPlugin, { t: 'call' }>, value: unknown): Promise<void> {
    const { id, key, phase } = message
    const stop = createStop()
    running.set(id, stop)
    try {
      const tool = tools.get(message.tool)
      if (!tool) throw new LifeOsError('tool-unknown', `This plugin has no tool ${message.tool}.`, { applied: 'no' })
      const host = createHostClient({
        ask: (service, args) => ask(id, service, args),
        log: (level, text, data) =>
          running.has(id) && channel.send({ t: 'log', call: id, level }, { message: String(text), ...(data && { data }) }),
        progress: (note) => running.has(id) && channel.send({ t: 'progress', call: id }, note),
        get signal() {
          return stop.signal
        },
        key,
        phase,
      })
      const output = await executeTool(tool, message.method, value, host)
      running.delete(id)
      channel.send({ t: 'result', id }, output)
    } catch (thrown) {
      fail(id, toolError(thrown, stop.stopped))
    } finally {
      end(id)
    }
  }

  function fail(id: number, error: LifeOsError): void {
    const { details, ...shape } = error.toShape()
    try {
      channel.send({ t: 'error', id }, { ...shape, ...(details && { details }) })
    } catch {
      channel.send({ t: 'error', id }, { ...shape, message: shape.message.slice(0, 8192) }) // details that cannot travel stay here
    }
  }

  /** Nothing of a call outlives it: what it still asked for is refused. */
  function end(id: number): void {
    running.delete(id)
    for (const [hostCall, waiter] of waiters) {
      if (waiter.call !== id) continue
      settle(hostCall)
      waiter.reject(callOver())
    }
  }

  async function answer(id: number, work: () => unknown): Promise<void> {
    try {
      channel.send({ t: 'result', id }, await work())
    } catch (thrown) {
      fail(id, toolError(thrown, false))
    }
  }

  function handle(message: ToPlugin, value: unknown): void {
    switch (message.t) {
      case 'call':
        return void call(message, value)
      case 'abort':
        return running.get(message.id)?.stop(new LifeOsError(message.code, 'The call was cancelled.', { class: 'operational' }))
      case 'answer':
        return settle(message.id)?.resolve(value)
      case 'refusal':
        return settle(message.id)?.reject(errorFromShape(value as ErrorShape)) // the host wrote it
      case 'ping':
        return channel.send({ t: 'pong', id: message.id })
      case 'describe':
        return void answer(message.id, () => plugin.tools.map((tool) => describeTool(tool, value as { plugin: string; version: string })))
      case 'health':
        return void answer(message.id, () => plugin.health?.() ?? { ok: true })
      case 'stop':
        return
    }
  }
  return { handle }
}

/** An abort signal made only when a tool asks for it: most never do. */
interface Stop {
  readonly signal: AbortSignal
  readonly stopped: boolean
  stop(reason: LifeOsError): void
}

function createStop(): Stop {
  let controller: AbortController | undefined
  let reason: LifeOsError | undefined
  return {
    get stopped() {
      return reason !== undefined
    },
    get signal() {
      controller ??= new AbortController()
      if (reason) controller.abort(reason)
      return controller.signal
    },
    stop(why) {
      reason ??= why
      controller?.abort(reason)
    },
  }
}

function callOver(): LifeOsError {
  return new LifeOsError('call-revoked', 'This call is over: its host answers no more.', { class: 'operational', applied: 'no' })
}
