import type { ToolDescription } from '@life-os/contract'
import { z } from 'zod'

/** The description of an inner tool that looks and changes nothing. */
export function describeReading(
  given: Pick<ToolDescription, 'id' | 'title' | 'description'> & { input: z.ZodType; output: z.ZodType },
): ToolDescription {
  const { input, output, ...rest } = given
  return {
    ...rest,
    plugin: 'life-os',
    version: '1.0.0',
    input: z.toJSONSchema(input, { io: 'input' }),
    output: z.toJSONSchema(output),
    effect: 'read',
    reversal: 'exact',
    risk: 'low',
    idempotent: true,
    reconciles: false,
    compensates: false,
    needs: {},
    lane: 'io',
    examples: [],
  }
}
