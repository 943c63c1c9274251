import { z } from 'zod'
import { GenerateAnswer, GenerateRequest, LifeOsError, type Label, type ToolDescription } from '@life-os/contract'
import { RECORDING_ENDED } from '../host/types.ts'
import type { LabelLookup } from '../labels/index.ts'
import type { InnerTool } from '../runs/index.ts'
import { capabilitiesOf } from './estimate.ts'
import type { Models } from './types.ts'

export const GENERATE = 'life-os.generate'

/**
 * A model's answer as a tool: what an agent's turn calls, and what a person may write into a plan. It passes the gate, the
 * budgets and the journal like any other; text streams as progress notes `text-delta`.
 */
export function createGenerateTool({
  models,
  labels,
}: {
  models: Pick<Models, 'generate'>
  labels?: Pick<LabelLookup, 'ofBlob'>
}): InnerTool {
  return {
    description: DESCRIPTION,
    async needs(input) {
      const needed = capabilitiesOf(GenerateRequest.parse(input))
      return [{ kind: 'model', resource: needed.includes('vision') ? 'vision' : 'text' }]
    },
    async labels(input) {
      const found = blobsOf(GenerateRequest.parse(input)).flatMap((blob) => labels?.ofBlob(blob) ?? [])
      return [...new Set<Label>(found.map(({ label }) => label))]
    },
    async run(call) {
      const request = GenerateRequest.parse(call.input)
      if (call.phase === 'preview' && !call.account)
        throw new LifeOsError(RECORDING_ENDED, 'What a model answers is known only when the plan runs.')
      return models.generate(request, {
        asker: call.asker ?? { person: 'system', tool: GENERATE },
        labels: call.labels,
        signal: call.signal,
        account: call.account,
        onText: (text) => call.onProgress?.({ type: 'text-delta', data: { text } }),
      })
    },
  }
}

function blobsOf({ messages }: GenerateRequest): string[] {
  return messages.flatMap(({ content }) => content.flatMap((part) => (part.type === 'file' ? [part.blob] : [])))
}

const DESCRIPTION: ToolDescription = {
  id: GENERATE,
  title: 'Ask a model',
  description:
    'Text, tool calls or structured output of a model. Which model serves is decided by the settings of models; private data stays on this machine.',
  plugin: 'life-os',
  version: '1.0.0',
  input: z.toJSONSchema(GenerateRequest, { io: 'input' }),
  output: z.toJSONSchema(GenerateAnswer),
  effect: 'read',
  reversal: 'none',
  risk: 'low',
  idempotent: false,
  reconciles: false,
  compensates: false,
  needs: {},
  lane: 'llm',
  examples: [
    {
      title: 'One sentence',
      input: { messages: [{ role: 'user', content: [{ type: 'text', text: 'Say in one sentence what a budget is.' }] }] },
    },
  ],
}
