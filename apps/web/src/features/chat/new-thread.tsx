import type { IntentEntry, Mode } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { IconButton } from '../../components/button.tsx'
import { Sheet } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { api, client } from '../../lib/api.ts'
import { useCrumbs } from '../../lib/crumbs.ts'
import { useChoices } from './choices.ts'
import { Composer } from './composer.tsx'
import { ThreadList } from './thread-list.tsx'
import { useSend } from './thread-queries.ts'
import type { ComposerProps } from './composer-props.ts'

const FIRST = ['tidy-folder', 'find-duplicates', 'remove-duplicates', 'save-page']

/** One example each of four plans, those that everybody needs first. */
function firstExamples(intents: readonly IntentEntry[]): string[] {
  const rank = ({ plan }: IntentEntry): number => (FIRST.includes(plan) ? FIRST.indexOf(plan) : FIRST.length)
  const byPlan = new Map<string, string>()
  for (const intent of intents.toSorted((a, b) => rank(a) - rank(b))) {
    const [example] = intent.examples
    if (example !== undefined && !byPlan.has(intent.plan)) byPlan.set(intent.plan, example)
  }
  return [...byPlan.values()].slice(0, 4)
}

/** The empty conversation: what can be said, and where to say it. */
export function NewThread() {
  useCrumbs({ label: 'Chat', to: '/chat' })
  const navigate = useNavigate()
  const settings = useQuery(api.settings.get.queryOptions())
  const { agents, models, lists, modelless } = useChoices()
  const intents = useQuery({ ...api.planner.intents.queryOptions(), staleTime: 60_000 })
  const [chosen, setChosen] = useState<{ agent: string; model: string | null; mode?: Mode }>({ agent: 'assistant', model: null })
  const [list, setList] = useState(false)
  const [seed, setSeed] = useState(0)
  const thread = { agent: chosen.agent, model: chosen.model, mode: chosen.mode ?? settings.data?.mode ?? 'draft' }
  const send = useSend(
    async ({ text, attachments }: { text: string; attachments: Parameters<ComposerProps['onSend']>[1] }) => {
      const made = await client.threads.create({
        agent: thread.agent,
        mode: thread.mode,
        ...(thread.model !== null && { model: thread.model }),
      })
      return client.threads.send({ id: made.id, text, attachments })
    },
    ({ thread: made }) => void navigate({ to: '/chat/$thread', params: { thread: made.id } }),
  )
  const examples = firstExamples(intents.data ?? [])
  return (
    <div className="flex h-full flex-col items-center justify-center overflow-auto px-4 py-10">
      <div className="flex w-full max-w-[720px] flex-col gap-5">
        <header className="flex items-start gap-2">
          <div className="flex-1">
            <h1 className="text-20 font-semibold tracking-tight">What shall be done?</h1>
            <p className="text-ink-faint">It shows what it would change before it changes anything.</p>
          </div>
          <IconButton icon={GLYPH.chat} label="Conversations" className="desk:hidden" onClick={() => setList(true)} />
        </header>
        {modelless ? (
          <p className="flex items-start gap-2 rounded-card border border-line bg-surface px-3 py-2.5 text-ink-soft">
            <Icon of={GLYPH.model} className="mt-0.5 text-ink-faint" />
            <span>
              No model is set up. What workflows can do is understood without one; for the rest,{' '}
              <Link to="/models" className="font-medium text-accent-text underline underline-offset-2">
                set one up
              </Link>
              .
            </span>
          </p>
        ) : null}
        <Composer
          key={seed}
          draftKey="new"
          thread={thread}
          agents={agents}
          models={models}
          lists={lists}
          going={false}
          busy={send.isPending}
          onSend={(text, attachments) => send.mutate({ text, attachments })}
          onStop={() => undefined}
          onCommand={(command, rest) => {
            if (command.word === 'mode' && rest !== '') setChosen({ ...chosen, mode: rest as Mode }) // parseSlash let only modes pass
            if (command.word === 'plan' && rest !== '') send.mutate({ text: `Make a plan: ${rest}`, attachments: [] })
            if (command.word === 'help') send.mutate({ text: 'What can you do?', attachments: [] })
          }}
          onChange={(patch) => setChosen({ ...chosen, ...patch })}
        />
        {send.error ? (
          <p role="alert" className="text-remove">
            {send.error.message}
          </p>
        ) : null}
        {examples.length > 0 ? (
          <ul aria-label="For example" className="grid grid-cols-2 gap-2 phone:grid-cols-1">
            {examples.map((example) => (
              <li key={example}>
                <button
                  type="button"
                  onClick={() => {
                    localStorage.setItem('life-os.draft.new', example)
                    setSeed(seed + 1)
                  }}
                  className="w-full rounded-card border border-line bg-surface px-3 py-2 text-left text-ink-soft hover:border-line-strong hover:text-ink"
                >
                  {example}
                </button>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      <Sheet open={list} onOpenChange={setList} title="Conversations">
        <div className="h-[60vh]">
          <ThreadList current={undefined} />
        </div>
      </Sheet>
    </div>
  )
}
