import { z } from 'zod'
import { LifeOsError, type GenerateRequest, type ModelPart } from '@life-os/contract'
import type { CallAccount, ModelCall, Models } from '../models/types.ts'
import type { Handlers } from './fs/services.ts'
import type { LabelledScope, Labelling } from './labels/index.ts'
import { checkDenied } from './paths/denied.ts'
import { fault } from './paths/faults.ts'
import { nameMatches } from './paths/scope.ts'
import { RECORDING_ENDED } from './types.ts'

export type HostModelService = Pick<Models, 'generate' | 'embed'>

const MOST_TEXT = 2_000_000 // characters of one request
const text = z.string().max(MOST_TEXT)
const Generate = z.tuple([
  z.strictObject({
    messages: z
      .array(
        z.strictObject({
          role: z.enum(['system', 'user', 'assistant']),
          text,
          blobs: z
            .array(z.strictObject({ blob: z.string().regex(/^[0-9a-f]{64}$/), mime: z.string().max(200) }))
            .max(20)
            .optional(),
        }),
      )
      .min(1)
      .max(500),
    schema: z.record(z.string(), z.unknown()).optional(),
    maxTokens: z.int().min(1).max(200_000).optional(),
    temperature: z.number().min(0).max(2).optional(),
    cache: z
      .string()
      .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/)
      .optional(),
  }),
])
const Embed = z.tuple([z.array(text).min(1).max(10_000)])

export interface ModelServicesContext {
  scope: LabelledScope
  labelling: Pick<Labelling, 'seeBlob'>
  models: HostModelService | undefined
  /** A preview: a model is asked only where the answer is adopted, so that nobody pays twice; that is where there is an account. */
  preview: boolean
}

/**
 * `models.*`: what a call may ask of models, within what was decided for it. Everything that the call has seen labels the
 * request, so that private data reaches models on this machine alone.
 * Errors: `arguments-invalid`, `model-not-allowed`, `model-none`, `budget-exceeded`, `model-*`.
 */
export function createModelServices({ scope, labelling, models, preview }: ModelServicesContext): Handlers {
  const service = (): HostModelService => {
    if (preview && !scope.account) throw fault(RECORDING_ENDED, 'What a model answers is known only when the plan runs.')
    if (!models) throw fault('model-none', 'No model is set up here. See “lifeos models” or the Models page.')
    return models
  }
  const callOf = (signal: AbortSignal): ModelCall => ({
    asker: {
      person: scope.asker?.person ?? 'system',
      ...scope.asker,
      plugin: scope.plugin,
      tool: scope.tool,
      run: scope.run,
      step: scope.path,
    },
    labels: scope.seen.current,
    signal,
    account: scope.account ?? NOTHING_TO_SPEND,
  })
  return {
    'models.generate': async (args, signal) => {
      const [asked] = parse('models.generate', Generate, args)
      const pictures = asked.messages.some(({ blobs = [] }) => blobs.length > 0)
      admit(scope, pictures ? 'vision' : 'text')
      for (const { blobs = [] } of asked.messages) for (const { blob } of blobs) labelling.seeBlob(blob)
      const answer = await service().generate(requestOf(asked), callOf(signal))
      const { text: said, object, model, usage, finish } = answer
      return {
        text: said,
        ...(object !== undefined && { object }),
        model,
        tokens: usage.input + usage.output,
        finish: finish === 'tool-calls' ? 'other' : finish,
      }
    },
    'models.embed': async (args, signal) => {
      const [texts] = parse('models.embed', Embed, args)
      admit(scope, 'embed')
      const { vectors, model } = await service().embed(texts, callOf(signal))
      return { vectors: vectors.map((vector) => [...vector]), model }
    },
  }
}

function admit(scope: LabelledScope, capability: 'text' | 'vision' | 'embed'): void {
  const allowed = scope.allowed.some((need) => need.kind === 'model' && nameMatches(need.resource, capability))
  if (!allowed)
    throw fault(
      'model-not-allowed',
      `${scope.tool} may not ask a model for ${capability} in this call; name model:${capability} in its needs.`,
      {
        details: { permission: `model:${capability}` },
      },
    )
  checkDenied(scope, { kind: 'model', resource: capability })
}

function requestOf({ messages, schema, maxTokens = 2048, temperature, cache }: z.infer<typeof Generate>[0]): GenerateRequest {
  return {
    messages: messages.map(({ role, text: said, blobs = [] }) => ({
      role,
      content: [{ type: 'text', text: said }, ...blobs.map((file): ModelPart => ({ type: 'file', ...file }))],
    })),
    tools: [],
    toolChoice: 'none',
    ...(schema && { schema }),
    maxTokens,
    ...(temperature !== undefined && { temperature }),
    ...(cache !== undefined && { cache }),
  }
}

/** A call that nobody pays for may use what costs nothing. */
const NOTHING_TO_SPEND: CallAccount = {
  spent: { tokens: 0, micros: 0 },
  async reserve({ micros }) {
    if (micros > 0)
      throw new LifeOsError('budget-exceeded', 'This call may spend nothing, so that only a model on this machine can serve it.', {
        applied: 'no',
      })
    return { settle: () => undefined }
  },
}

function parse<T extends z.ZodType>(service: string, schema: T, args: readonly unknown[]): z.output<T> {
  const parsed = schema.safeParse(args)
  if (parsed.success) return parsed.data
  throw fault('arguments-invalid', `${service} was called wrongly: ${z.prettifyError(parsed.error)}`)
}
