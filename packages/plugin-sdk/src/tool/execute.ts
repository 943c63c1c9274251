import type { z } from 'zod'
import { LifeOsError } from '@life-os/contract'
import type { EffectRecord } from '@life-os/contract'
import type { ToolDefinition } from '../define.ts'
import type { HostV1 } from '../host.ts'

export type Method = 'run' | 'compensate' | 'reconcile'

/**
 * One call of a tool: parses the input, runs, parses the output. `value` is the input for `run`, `{ output, input }` for
 * `compensate`, `{ input, key, effects }` for `reconcile`. Errors: `input-invalid`, `output-invalid`, `method-missing`,
 * or the tool's own.
 */
export async function executeTool(tool: ToolDefinition, method: Method, value: unknown, host: HostV1): Promise<unknown> {
  if (method === 'run') {
    const input = await parseInput(tool, value)
    return parseOutput(tool, await tool.run(input, host))
  }
  const held = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown> // read field by field below
  const input = await parseInput(tool, held['input'])
  if (method === 'compensate') {
    if (!tool.compensate) throw methodMissing(tool.id, method)
    await tool.compensate(held['output'], input, host)
    return null
  }
  if (!tool.reconcile) throw methodMissing(tool.id, method)
  const effects = (held['effects'] ?? []) as EffectRecord[] // written by the host, never by a plugin
  const answer = await tool.reconcile(input, String(held['key'] ?? host.key), effects, host)
  return 'output' in answer && answer.output !== undefined ? { ...answer, output: await parseOutput(tool, answer.output) } : answer
}

async function parseInput(tool: ToolDefinition, value: unknown): Promise<unknown> {
  const parsed = await tool.input.safeParseAsync(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error)
  throw new LifeOsError('input-invalid', `The input of ${tool.id} does not fit: ${sentence(issues)}`, {
    applied: 'no',
    details: { issues },
  })
}

async function parseOutput(tool: ToolDefinition, value: unknown): Promise<unknown> {
  const parsed = await tool.output.safeParseAsync(value)
  if (parsed.success) return parsed.data
  const issues = issuesOf(parsed.error)
  throw new LifeOsError(
    'output-invalid',
    `${tool.id} answered with something else than it promises: ${sentence(issues)} This is a fault of the plugin.`,
    {
      class: 'unexpected',
      applied: tool.effect === 'read' ? 'no' : 'yes',
      details: { issues },
    },
  )
}

interface Issue {
  path: string
  message: string
}

function issuesOf(error: z.ZodError): Issue[] {
  return error.issues.slice(0, 20).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
}

function sentence(issues: readonly Issue[]): string {
  return `${issues
    .slice(0, 3)
    .map(({ path, message }) => `${path === '' ? 'the whole' : `"${path}"`}: ${message}`)
    .join('; ')}.`
}

function methodMissing(tool: string, method: Method): LifeOsError {
  return new LifeOsError('method-missing', `${tool} has no ${method}.`, { class: 'unexpected', applied: 'no' })
}

/** What a tool threw, as an error with a code. `stopped`: it was asked to stop before. */
export function toolError(thrown: unknown, stopped: boolean): LifeOsError {
  if (thrown instanceof LifeOsError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  if (stopped) return new LifeOsError('call-cancelled', 'The call was cancelled.', { class: 'operational', cause: thrown })
  return new LifeOsError('tool-failed', message === '' ? 'The tool failed without a message.' : message, {
    class: 'unexpected',
    cause: thrown,
  })
}
