import { z } from 'zod'
import { ErrorShape } from '@life-os/contract'
import { frameFault } from './fault.ts'
import type { Head } from './header.ts'

const id = z.int().min(0)
const Level = z.enum(['debug', 'info', 'warn', 'error'])

/** What a plugin's process may say. `call` names the tool call it belongs to, `id` what is answered. */
export const FromPlugin = z.discriminatedUnion('t', [
  z.object({ t: z.literal('ready') }),
  z.object({ t: z.literal('failed') }), // value: ErrorShape; the code could not be loaded
  z.object({ t: z.literal('result'), id }),
  z.object({ t: z.literal('error'), id }), // value: ErrorShape
  z.object({ t: z.literal('host'), id, call: id, service: z.string().max(64) }), // value: arguments
  z.object({ t: z.literal('pong'), id }),
  z.object({ t: z.literal('log'), call: id.optional(), level: Level }), // value: LogValue
  z.object({ t: z.literal('progress'), call: id }), // value: ProgressValue
])
export type FromPlugin = z.infer<typeof FromPlugin>

/** What a plugin's process is told. */
export type ToPlugin =
  | { t: 'call'; id: number; tool: string; method: 'run' | 'compensate' | 'reconcile'; key: string; phase: 'preview' | 'run' } // value: input
  | { t: 'abort'; id: number; code: string }
  | { t: 'answer'; id: number } // value: what the host service answered
  | { t: 'refusal'; id: number } // value: ErrorShape
  | { t: 'ping'; id: number }
  | { t: 'describe'; id: number } // value: { plugin, version }; answered by `result`
  | { t: 'health'; id: number } // answered by `result`
  | { t: 'stop' }

export const LogValue = z.object({ message: z.string(), data: z.record(z.string(), z.unknown()).optional() })
export const ProgressValue = z.object({
  done: z.number(),
  of: z.number().optional(),
  unit: z.string().max(40).optional(),
  now: z.string().max(4096).optional(),
})

/** Throws `frame-invalid` for anything a plugin's process may not say. */
export function readFromPlugin(head: Head): FromPlugin {
  const read = FromPlugin.safeParse(head)
  if (!read.success) throw frameFault(`a message "${head.t.slice(0, 40)}" is unknown or incomplete`)
  return read.data
}

const CODE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** An error that a plugin sent: bounded, with a code of our form, `unexpected` when it makes no sense. */
export function readError(value: unknown): ErrorShape {
  const read = ErrorShape.safeParse(value)
  if (!read.success || !CODE.test(read.data.code) || read.data.code.length > 80) {
    return { code: 'tool-failed', class: 'unexpected', message: 'The plugin failed and did not say how in a readable form.' }
  }
  return { ...read.data, message: read.data.message.slice(0, 8192) }
}
