import { Plan, PlanInput, Step, STEP_KINDS, STEP_SCHEMAS } from '@life-os/contract'
import { z } from 'zod'

const ID = 'urn:life-os:schema:plan'

/** See {@link Plans.planJsonSchema} in types.ts. Made from the contract; a step refers to one definition for each kind, so that editors complete it. */
export function planJsonSchema(): Record<string, unknown> {
  const definitions: Record<string, unknown> = {
    step: {
      description: 'One node of a plan; one key tells its kind.',
      oneOf: STEP_KINDS.map((kind) => ({ $ref: `#/$defs/${kind}-step` })),
    },
  }
  for (const kind of STEP_KINDS) definitions[`${kind}-step`] = withRequired(part(STEP_SCHEMAS[kind]), kind)
  definitions.input = part((PlanInput as z.ZodLazy<z.ZodType>).unwrap()) // the contract declares it lazy, for it contains itself
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: ID,
    title: 'A plan of Life-OS',
    description: 'A graph of steps with inputs, a budget and outputs. Texts may hold expressions: ${{ … }}.',
    ...part(Plan),
    $defs: definitions,
  }
}

/** A schema without its own definitions: steps and inputs become references to the shared ones. */
function part(schema: z.ZodType): Record<string, unknown> {
  const shared = new Map<unknown, string>([
    [Step, '#/$defs/step'],
    [PlanInput, '#/$defs/input'],
  ])
  const made: Record<string, unknown> = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const reference = shared.get(zodSchema)
      if (reference === undefined) return
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      jsonSchema.$ref = reference
    },
  })
  const { $schema: _, $defs: local, ...rest } = made
  return inlined(rest, (local ?? {}) as Record<string, unknown>) as Record<string, unknown> // $defs is a record of schemas, and a record stays one
}

/** Puts each local definition where it is referred to; none contains itself once steps and inputs are shared. Leaves out bounds that only say "a safe integer". */
function inlined(value: unknown, local: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => inlined(item, local))
  if (typeof value !== 'object' || value === null) return value
  const reference = '$ref' in value && typeof value.$ref === 'string' ? local[value.$ref.replace('#/$defs/', '')] : undefined
  if (reference !== undefined) return inlined(reference, local)
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, item]) =>
          !(key === 'maximum' && item === Number.MAX_SAFE_INTEGER) && !(key === 'minimum' && item === Number.MIN_SAFE_INTEGER),
      )
      .map(([key, item]) => [key, inlined(item, local)]),
  )
}

/** `set` may be anything, so Zod lets it be absent; as the key of its kind it is required. */
function withRequired(schema: Record<string, unknown>, kind: string): Record<string, unknown> {
  const required = Array.isArray(schema.required) ? schema.required.map(String) : []
  return { ...schema, required: required.includes(kind) ? required : [...required, kind] }
}
