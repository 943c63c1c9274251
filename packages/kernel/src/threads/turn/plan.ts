import type { Plan } from '@life-os/contract'

export const CHAT_TURN = 'chat-turn'
/** The step whose journal an answer is folded from. */
export const ANSWER = 'answer'
/** Kernel tool that reads what was said before. */
export const TURN_TOOL = 'life-os.turn'

/**
 * A turn of a conversation as a plan. Files, folders and addresses are inputs because a person gave them: that is what their
 * grants come from. What was said before comes from a step, since it brings labels and is nobody's word in this run.
 */
export function chatTurn(agent: string): Plan {
  const places = { type: 'list' as const, default: [] }
  return {
    id: CHAT_TURN,
    name: 'Chat',
    version: '1.0.0',
    inputs: {
      say: { type: 'text', title: 'Message', multiline: true, default: '' },
      files: { ...places, title: 'Files', of: { type: 'file' } },
      folders: { ...places, title: 'Folders', of: { type: 'path' } },
      addresses: { ...places, title: 'Addresses', of: { type: 'text' } },
      answer: { type: 'text', title: 'Answer' },
      model: { type: 'text', title: 'Model', optional: true },
    },
    steps: [
      { id: 'before', title: 'What was said before', tool: TURN_TOOL, input: { answer: '${{ inputs.answer }}' } },
      {
        id: ANSWER,
        title: 'Answer',
        agent,
        input: {
          say: '${{ inputs.say }}',
          history: '${{ steps.before.history }}',
          attachments: '${{ steps.before.attachments }}',
          model: '${{ inputs.model }}',
        },
      },
    ],
    outputs: { answer: '${{ steps.answer }}' },
  }
}
