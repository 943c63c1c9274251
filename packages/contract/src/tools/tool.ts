import { z } from 'zod'
import { JsonSchema } from '../common/values.ts'
import { Effect, Reversal, Risk } from '../changes/change.ts'

/** `needs`: permission kind to input paths or `${{ CEL over input }}`: evaluated by the host before any plugin code runs. */
export const Needs = z.record(z.string(), z.array(z.string()))
export type Needs = z.infer<typeof Needs>

/** What the host and people know of a tool without running it. */
export const ToolDescription = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*$/),
  title: z.string(),
  description: z.string(),
  plugin: z.string(),
  version: z.string(),
  input: JsonSchema,
  output: JsonSchema,
  effect: Effect,
  reversal: Reversal,
  risk: Risk,
  idempotent: z.boolean(),
  reconciles: z.boolean(),
  compensates: z.boolean(),
  needs: Needs,
  lane: z.enum(['cpu', 'io', 'llm', 'gpu', 'browser']),
  examples: z.array(z.object({ title: z.string().optional(), input: z.unknown(), output: z.unknown().optional() })),
})
export type ToolDescription = z.infer<typeof ToolDescription>

/** One permission a plugin may ever ask for, with a reason a person understands. */
export const ManifestPermission = z.object({ permission: z.string(), reason: z.string().min(1) })
export type ManifestPermission = z.infer<typeof ManifestPermission>

/** `manifest.json`: data only, read without running any code. */
export const Manifest = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  name: z.string().min(1),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  sdk: z.string(),
  description: z.string(),
  author: z.string(),
  license: z.string(),
  icon: z.string().optional(),
  category: z.string(),
  entry: z.string(),
  permissions: z.array(ManifestPermission),
  tools: z.array(z.string()),
  entities: z.array(z.string()).default([]),
  plans: z.array(z.string()).default([]),
  agents: z.array(z.string()).default([]),
  views: z.array(z.string()).default([]),
  providers: z.array(z.string()).default([]),
  settings: JsonSchema.optional(),
  requires: z
    .object({ plugins: z.array(z.string()), programs: z.array(z.string()), platforms: z.array(z.string()) })
    .partial()
    .optional(),
  limits: z.object({ memory: z.string(), cpu: z.number(), pids: z.number(), idleStop: z.string() }).partial().optional(),
})
export type Manifest = z.infer<typeof Manifest>
