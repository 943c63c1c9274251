import { z } from 'zod'

const common = {
  title: z.string().optional(),
  help: z.string().optional(),
  default: z.unknown().optional(),
  optional: z.boolean().optional(),
}

/** One declared input of a plan. `path` is a folder or file of this machine; `file` an existing file; `secret` a secret's name. */
export type PlanInput =
  | ({ type: 'text'; pattern?: string | undefined; multiline?: boolean | undefined } & InputCommon)
  | ({ type: 'number'; min?: number | undefined; max?: number | undefined; integer?: boolean | undefined } & InputCommon)
  | ({ type: 'boolean' | 'path' | 'file' | 'date' | 'secret' } & InputCommon)
  | ({ type: 'choice'; choices: string[] } & InputCommon)
  | ({ type: 'list'; of: PlanInput; max?: number | undefined } & InputCommon)
  | ({ type: 'record'; fields: Record<string, PlanInput> } & InputCommon)

interface InputCommon {
  title?: string | undefined
  help?: string | undefined
  default?: unknown
  optional?: boolean | undefined
}

export const PlanInput: z.ZodType<PlanInput> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), pattern: z.string().optional(), multiline: z.boolean().optional(), ...common }),
    z.strictObject({
      type: z.literal('number'),
      min: z.number().optional(),
      max: z.number().optional(),
      integer: z.boolean().optional(),
      ...common,
    }),
    z.strictObject({ type: z.enum(['boolean', 'path', 'file', 'date', 'secret']), ...common }),
    z.strictObject({ type: z.literal('choice'), choices: z.array(z.string()).min(1), ...common }),
    z.strictObject({ type: z.literal('list'), of: PlanInput, max: z.int().optional(), ...common }),
    z.strictObject({ type: z.literal('record'), fields: z.record(z.string(), PlanInput), ...common }),
  ]),
)
