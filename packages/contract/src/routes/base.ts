import { oc } from '@orpc/contract'
import { z } from 'zod'
import { Id } from '../common/values.ts'
import { Applied, ErrorClass } from '../errors/error.ts'

/** RFC 9457 problem details: what every failed request answers. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
  requestId: z.string(),
  class: ErrorClass.optional(),
  applied: Applied.optional(),
  /** Faults of an input or a plan, one each. */
  errors: z.array(z.record(z.string(), z.unknown())).optional(),
  details: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof Problem>

export const base = oc
export const IdParam = z.object({ id: Id })
export const Ok = z.object({ ok: z.literal(true) })
