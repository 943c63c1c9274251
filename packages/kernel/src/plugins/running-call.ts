import type { Applied, LifeOsError, ToolDescription } from '@life-os/contract'
import { errorFromShape } from '@life-os/contract'
import { deedFault, effectOf } from '@life-os/plugin-sdk/tool'
import { readError } from '@life-os/plugin-sdk/wire'
import { revoked, timedOut } from './faults.ts'
import type { PluginCall } from './types.ts'

/** Why a call is being ended before its time. */
export type Cut = 'timeout' | 'cancelled'

/**
 * One call under way, as the host keeps it: which host calls it made and what they came to. What the host saw decides
 * whether a failed call may have changed something; a plugin's own claim can only make that worse.
 */
export interface RunningCall {
  readonly id: number
  readonly call: PluginCall
  readonly tool: ToolDescription
  readonly pending: Set<Promise<unknown>>
  readonly started: number
  cut: Cut | null
  /** Tells the host calls under way to stop. */
  abort(reason: LifeOsError): void
  /** Refuses what its tool did not declare, else serves it. */
  serve(service: string, args: readonly unknown[]): Promise<unknown>
  applied(): Applied
  /** The error to fail with for what the plugin sent. */
  failure(value: unknown): LifeOsError
  /** The error of a call that is cut off now. */
  cutOff(): LifeOsError
}

export function createRunningCall(id: number, call: PluginCall, tool: ToolDescription, started: number): RunningCall {
  let controller: AbortController | undefined // most calls make no host call
  const pending = new Set<Promise<unknown>>()
  // Reconciling looks at what happened; it never acts.
  const declared = call.method === 'reconcile' ? 'read' : tool.effect
  let acting = 0
  let acted = false

  const signal = () => (controller ??= new AbortController()).signal

  async function act(service: string, args: readonly unknown[]): Promise<unknown> {
    if (effectOf(service, args) === 'read') return call.services.handle(service, args, signal())
    acting++
    try {
      const answer = await call.services.handle(service, args, signal())
      acted = true
      return answer
    } catch (error) {
      if (!isCleanFailure(error)) acted = true
      throw error
    } finally {
      acting--
    }
  }

  const running: RunningCall = {
    id,
    call,
    tool,
    pending,
    started,
    cut: null,
    abort: (reason) => controller?.abort(reason),
    serve(service, args) {
      const fault = deedFault(tool.id, declared, service, args)
      if (fault) return Promise.reject(fault)
      const answer = act(service, args)
      pending.add(answer)
      const forget = () => pending.delete(answer)
      answer.then(forget, forget)
      return answer
    },
    applied: () => (call.phase === 'preview' || (!acted && acting === 0) ? 'no' : 'unknown'),
    failure(value) {
      if (running.cut === 'timeout') return running.cutOff()
      const shape = readError(value)
      if (running.cut === 'cancelled' && shape.code === 'call-cancelled') return running.cutOff()
      const seen = running.applied()
      const claimed = shape.applied === 'no' ? undefined : shape.applied
      return errorFromShape({ ...shape, applied: seen === 'no' ? 'no' : (claimed ?? seen) })
    },
    cutOff: () => (running.cut === 'timeout' ? timedOut(tool.id, call.timeout, running.applied()) : revoked(tool.id, running.applied())),
  }
  return running
}

function isCleanFailure(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { applied?: unknown }).applied === 'no' // any error may say so
}
