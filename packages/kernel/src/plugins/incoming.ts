import { LifeOsError, errorShape } from '@life-os/contract'
import { LogValue, ProgressValue, frameFault, readError, readFromPlugin } from '@life-os/plugin-sdk/wire'
import type { FromPlugin, Head, ToPlugin } from '@life-os/plugin-sdk/wire'
import type { CallTable } from './call-table.ts'
import { callOver } from './faults.ts'
import type { TalkLimit } from './talk.ts'

export interface IncomingOptions {
  calls: CallTable
  talk: TalkLimit
  tell(message: ToPlugin, value?: unknown): void
  onReady(): void
  /** The code could not be loaded. */
  onFailed(reason: string): void
  onPong(id: number): void
  onLine(line: string, level?: string): void
  /** The plugin does what no plugin does by accident. */
  onMisuse(how: string): void
}

/** More host calls than this at once are no accident: the runtime keeps to 256. */
const HOST_CALLS = 1024

/** What a plugin's process says, and what follows. Throws `frame-invalid` for what it may not say. */
export function createIncoming({
  calls,
  talk,
  tell,
  onReady,
  onFailed,
  onPong,
  onLine,
  onMisuse,
}: IncomingOptions): (head: Head, value: unknown, bytes: boolean) => void {
  let hostCalls = 0

  function takeResult(id: number, value: unknown, bytes: boolean): void {
    const running = calls.get(id)
    if (!running) return talk.stray()
    if (!bytes) return running.finish(null, value ?? null)
    running.finish(
      new LifeOsError(
        'output-invalid',
        `${running.tool.id} answered with raw bytes: keep them with host.blobs.put and answer with their name.`,
        { class: 'unexpected', applied: running.applied() },
      ),
    )
  }

  function takeError(id: number, value: unknown): void {
    const running = calls.get(id)
    if (running) running.finish(running.failure(value))
    else talk.stray()
  }

  async function takeHostCall({ id, call, service }: Extract<FromPlugin, { t: 'host' }>, args: unknown): Promise<void> {
    const running = calls.get(call)
    if (!running) talk.stray()
    if (!Array.isArray(args)) return onMisuse('a host call came without its arguments')
    if (++hostCalls > HOST_CALLS) return onMisuse(`it made more than ${HOST_CALLS} host calls at once`)
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

  function takeLog(call: number | undefined, level: string, value: unknown): void {
    if (!talk.note()) return
    const note = LogValue.safeParse(value)
    if (!note.success) throw frameFault('a log note is malformed')
    onLine(note.data.message, level)
    const running = call === undefined ? undefined : calls.get(call)
    running?.call.onProgress?.({ type: 'log', data: { level, ...note.data } })
  }

  function takeProgress(call: number, value: unknown): void {
    if (!talk.note()) return
    const note = ProgressValue.safeParse(value)
    if (!note.success) throw frameFault('a progress note is malformed')
    calls.get(call)?.call.onProgress?.({ type: 'progress', data: note.data })
  }

  return (head, value, bytes) => {
    const message = readFromPlugin(head)
    switch (message.t) {
      case 'ready':
        return onReady()
      case 'failed':
        return onFailed(readError(value).message)
      case 'result':
        return takeResult(message.id, value, bytes)
      case 'error':
        return takeError(message.id, value)
      case 'host':
        return void takeHostCall(message, value)
      case 'pong':
        return onPong(message.id)
      case 'log':
        return takeLog(message.call, message.level, value)
      case 'progress':
        return takeProgress(message.call, value)
    }
  }
}
