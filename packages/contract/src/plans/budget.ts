import { z } from 'zod'
import { Duration } from '../common/values.ts'

/** Limits over a run and everything it starts. `time` is active time; `deadline` the wall clock. */
export const Budget = z.strictObject({
  time: Duration.optional(),
  deadline: Duration.optional(),
  steps: z.int().min(1).optional(),
  tokens: z.int().min(0).optional(),
  money: z
    .string()
    .regex(/^\d+(\.\d{1,6})? [A-Z]{3}$/, 'an amount such as 0.10 USD')
    .optional(),
})
export type Budget = z.infer<typeof Budget>
