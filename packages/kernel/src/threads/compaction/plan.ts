import type { Plan } from '@life-os/contract'

export const COMPACT_THREAD = 'compact-thread'
/** Kernel tool that reads what is to be shortened. */
export const OLDER_TOOL = 'life-os.older'

/** A summary as a run: seen in the list of runs, paid and journaled like any other; private words reach local models only. */
export function compactPlan(model: string | null): Plan {
  return {
    id: COMPACT_THREAD,
    name: 'Shorten a conversation',
    version: '1.0.0',
    inputs: { thread: { type: 'text', title: 'Thread' }, head: { type: 'text', title: 'Up to' }, until: { type: 'text', title: 'Before' } },
    steps: [
      {
        id: 'older',
        tool: OLDER_TOOL,
        input: { thread: '${{ inputs.thread }}', head: '${{ inputs.head }}', until: '${{ inputs.until }}' },
      },
      {
        id: 'summary',
        tool: 'life-os.generate',
        input: { messages: '${{ steps.older.messages }}', maxTokens: 1200, temperature: 0, ...(model !== null && { model }) },
      },
    ],
    outputs: { text: '${{ steps.summary.text }}' },
  }
}
