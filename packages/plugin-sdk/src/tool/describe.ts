import { z } from 'zod'
import type { JsonSchema, ToolDescription } from '@life-os/contract'
import type { ToolDefinition } from '../define.ts'

/** What people, models and the gate know of a tool; defaults filled in, schemas as JSON Schema 2020-12. */
export function describeTool(tool: ToolDefinition, { plugin, version }: { plugin: string; version: string }): ToolDescription {
  return {
    id: tool.id,
    title: tool.title,
    description: tool.description,
    plugin,
    version,
    input: schemaOf(tool.input, 'input'),
    output: schemaOf(tool.output, 'output'),
    effect: tool.effect,
    reversal: tool.reversal ?? (tool.effect === 'external' ? 'none' : 'exact'),
    risk: tool.risk ?? 'low',
    idempotent: tool.idempotent ?? tool.effect === 'read',
    reconciles: tool.reconcile !== undefined,
    compensates: tool.compensate !== undefined,
    needs: tool.needs ?? {},
    lane: tool.lane ?? 'io',
    examples: (tool.examples ?? []).map((example) => ({ ...example })),
  }
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' })
  return json
}
