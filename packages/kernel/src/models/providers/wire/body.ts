import { fault } from './faults.ts'
import type { Speaker } from './faults.ts'

/** More than any answer of a model; a server that never ends is cut here. Pulls send some megabytes of progress. */
const MAX_BYTES = 64 * 1024 * 1024

/** A body whose faults are ours: lost is `model-cut-off`, endless is `model-invalid`, cancelled is the signal's reason. */
export function guardedBody(body: ReadableStream<Uint8Array>, speaker: Speaker, signal: AbortSignal): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) return controller.close()
        bytes += value.byteLength
        controller.enqueue(value)
      } catch {
        return controller.error(signal.aborted ? signal.reason : fault('model-cut-off', speaker, { begun: true }))
      }
      if (bytes <= MAX_BYTES) return
      controller.error(fault('model-invalid', speaker, { said: `it is longer than ${MAX_BYTES / 1024 / 1024} MB`, begun: true }))
      await reader.cancel().catch(() => undefined)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
