import type { Mode } from '@life-os/contract'

/** Something that is typed as `/word` instead of being said. */
export interface SlashCommand {
  word: string
  hint: string
  /** What may follow the word; absent: nothing. */
  takes?: 'text' | 'model' | 'agent' | 'mode'
}

export const SLASH_COMMANDS: readonly SlashCommand[] = [
  { word: 'new', hint: 'Begin another conversation' },
  { word: 'plan', hint: 'Ask for a plan rather than an answer', takes: 'text' },
  { word: 'model', hint: 'Choose the model', takes: 'model' },
  { word: 'agent', hint: 'Choose who answers', takes: 'agent' },
  { word: 'mode', hint: 'observe, draft or autopilot', takes: 'mode' },
  { word: 'retry', hint: 'Answer the last message again' },
  { word: 'compact', hint: 'Shorten what models are told of earlier' },
  { word: 'rename', hint: 'Give this conversation a name', takes: 'text' },
  { word: 'export', hint: 'Download it as Markdown' },
  { word: 'help', hint: 'What can be said without any model' },
]

const MODES: readonly Mode[] = ['observe', 'draft', 'autopilot']

export type SlashParse =
  | { kind: 'none' }
  /** Still being typed: what may be meant. */
  | { kind: 'open'; matches: readonly SlashCommand[] }
  | { kind: 'command'; command: SlashCommand; rest: string }
  | { kind: 'fault'; message: string }

/** Reads what stands in the box. A path such as `/home/ada` is words, not a command. */
export function parseSlash(text: string): SlashParse {
  const match = /^\/([a-z]*)(?:(\s)([\s\S]*))?$/.exec(text.trimStart())
  if (!match) return { kind: 'none' }
  const [, word = '', space, rest = ''] = match
  if (space === undefined) {
    const matches = SLASH_COMMANDS.filter((command) => command.word.startsWith(word))
    return matches.length === 0 ? { kind: 'none' } : { kind: 'open', matches }
  }
  const command = SLASH_COMMANDS.find((each) => each.word === word)
  if (!command) return { kind: 'none' }
  const given = rest.trim()
  if (command.takes === undefined && given !== '') return { kind: 'fault', message: `/${word} takes nothing after it.` }
  if (command.takes === 'mode' && given !== '' && !MODES.includes(given as Mode))
    return { kind: 'fault', message: 'The mode is observe, draft or autopilot.' }
  return { kind: 'command', command, rest: given }
}
