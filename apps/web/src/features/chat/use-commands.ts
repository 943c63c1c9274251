import type { Mode, ThreadMessage } from '@life-os/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import { api, client } from '../../lib/api.ts'
import { reportFailure } from '../../lib/report.ts'
import type { useChoices } from './choices.ts'
import { saveExport } from './save-export.ts'
import type { SlashCommand } from './slash-commands.ts'

interface Doing {
  id: string
  last: ThreadMessage | undefined
  choices: ReturnType<typeof useChoices>
  send: (message: { id: string; text: string }) => void
  change: (patch: { id: string; model?: string | null; agent?: string; mode?: Mode; title?: string }) => void
  retry: (message: ThreadMessage) => void
}

/** What each slash command does in a conversation. */
export function useCommands({ id, last, choices, send, change, retry }: Doing): (command: SlashCommand, rest: string) => void {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const pick = (options: readonly { value: string; label: string }[], words: string): string | undefined =>
    options.find((each) => each.value === words || each.label.toLowerCase() === words.toLowerCase())?.value ??
    options.find((each) => `${each.value} ${each.label}`.toLowerCase().includes(words.toLowerCase()))?.value
  const choose = (what: 'model' | 'agent', words: string): void => {
    const options = what === 'model' ? choices.models.map(({ ref, title }) => ({ value: ref, label: title })) : choices.agents
    const value = words === '' ? undefined : pick(options, words)
    if (value !== undefined) change({ id, [what]: value })
    else toast(options.length === 0 ? `There is no ${what} to choose.` : `One of: ${someOf(options.map((each) => each.label))}`)
  }
  return (command, rest) => {
    switch (command.word) {
      case 'new':
        return void navigate({ to: '/chat' })
      case 'plan':
        return rest === '' ? void toast('Say what the plan is for: /plan tidy ~/Downloads') : send({ id, text: `Make a plan: ${rest}` })
      case 'model':
      case 'agent':
        return choose(command.word, rest)
      case 'mode':
        return rest === '' ? void toast('The mode is observe, draft or autopilot.') : change({ id, mode: rest as Mode }) // parseSlash let only modes pass
      case 'rename':
        return rest === '' ? void toast('Say the name: /rename Taxes') : change({ id, title: rest.slice(0, 200) })
      case 'retry':
        return last?.role === 'assistant' ? retry(last) : undefined
      case 'export':
        return void saveExport(id, 'markdown').catch(reportFailure)
      case 'compact':
        return void client.threads
          .compact({ id })
          .then(() => queries.invalidateQueries({ queryKey: api.threads.key() }))
          .catch(reportFailure)
      case 'help':
        return send({ id, text: 'What can you do?' })
    }
  }
}

const SOME = 8

/** The first few of many names, and how many more there are. */
const someOf = (names: readonly string[]): string =>
  names.length <= SOME
    ? names.join(', ')
    : `${names.slice(0, SOME).join(', ')} and ${names.length - SOME} more; a part of a name is enough.`
