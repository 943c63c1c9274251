import type { Plan, Step } from '@life-os/contract'
import { LOOKED_AT } from './brought.ts'
import { PICTURE_TOOL } from './picture.ts'

export const CHAT_TURN = 'chat-turn'
/** The step whose journal an answer is folded from. */
export const ANSWER = 'answer'
/** Kernel tool that reads what was said before. */
export const TURN_TOOL = 'life-os.turn'

/** What was attached that is looked at before the agent is asked. */
export type Looks = Record<'files' | 'uploads' | 'pictures', boolean>

/**
 * A turn of a conversation as a plan. Files, folders and addresses are inputs because a person gave them: that is what their
 * grants come from. What was said before comes from a step, since it brings labels and is nobody's word in this run.
 */
export function chatTurn(agent: string, look: Looks = { files: false, uploads: false, pictures: false }): Plan {
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
      ...(look.files ? [FILES] : []),
      ...(look.uploads ? [UPLOADS] : []),
      ...(look.pictures ? [SHOWN] : []),
      {
        id: ANSWER,
        title: 'Answer',
        agent,
        input: {
          say: '${{ inputs.say }}',
          history: '${{ steps.before.history }}',
          attachments: '${{ steps.before.attachments }}',
          brought: {
            files: look.files ? '${{ steps.files }}' : [],
            uploads: look.uploads ? '${{ steps.uploads }}' : [],
            pictures: look.pictures ? '${{ steps.pictures }}' : [],
            runs: '${{ steps.before.runs }}',
          },
          model: '${{ inputs.model }}',
        },
      },
    ],
    outputs: { answer: '${{ steps.answer }}' },
  }
}

/** Reads documents from their beginning. */
export const DOCUMENT_TOOL = 'documents.read'

/** What cannot be read is null, and the model is told so. */
const FILES: Step = {
  id: 'files',
  title: 'Read attached files',
  each: '${{ steps.before.files }}',
  max: LOOKED_AT,
  as: 'file',
  steps: [
    { id: 'name', set: '${{ file.name }}' },
    {
      id: 'read',
      title: 'Read an attached file',
      tool: DOCUMENT_TOOL,
      input: { path: '${{ file.path }}', maxChars: '${{ file.most }}' },
      'on-error': 'continue',
    },
  ],
}

const UPLOADS: Step = {
  id: 'uploads',
  title: 'Read uploads',
  each: '${{ steps.before.uploads }}',
  max: LOOKED_AT,
  as: 'file',
  steps: [
    { id: 'upload', set: '${{ file.name }}' },
    {
      id: 'text',
      title: 'Read an upload',
      tool: DOCUMENT_TOOL,
      input: { blob: '${{ file.blob }}', name: '${{ file.name }}', maxChars: '${{ file.most }}' },
      'on-error': 'continue',
    },
  ],
}

const SHOWN: Step = {
  id: 'pictures',
  title: 'Look at attached pictures',
  each: '${{ steps.before.pictures }}',
  max: LOOKED_AT,
  as: 'picture',
  steps: [
    { id: 'path', set: '${{ picture.path }}' },
    { id: 'seen', tool: PICTURE_TOOL, input: { path: '${{ picture.path }}' }, 'on-error': 'continue' },
  ],
}
