import type { Preference } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Check, EyeOff, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Page, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { homeText, moment } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'

/** Sentences about how a person wants things done. Proposed ones tell models nothing until they are kept. */
export function LearnedPage() {
  const queries = useQueryClient()
  const found = useQuery(api.agents.preferences.queryOptions({ input: {} }))
  const [sentence, setSentence] = useState('')
  const refresh = () => queries.invalidateQueries({ queryKey: api.agents.key() })
  const add = useMutation({
    mutationFn: () => client.agents.addPreference({ sentence: sentence.trim() }),
    onSuccess: () => setSentence(''),
    onError: reportFailure,
    onSettled: refresh,
  })
  if (found.isPending) return <SkeletonRows label="Loading what was learned" />
  if (found.error) return <Failure error={requestError(found.error)} onRetry={() => void found.refetch()} />
  const of = (state: Preference['state']): Preference[] => found.data.filter((each) => each.state === state)
  const groups = [
    { state: 'proposed', title: 'Proposed', hint: 'From what you decided. Nobody is told these until you keep them.' },
    { state: 'kept', title: 'Kept', hint: 'Agents are told these.' },
    { state: 'off', title: 'Off', hint: 'Told to nobody, and not proposed again.' },
  ] as const
  return (
    <Page
      title="What was learned about you"
      description="From what you approve, refuse and change. Nothing is learned silently."
      width="text"
    >
      <form className="flex gap-2" onSubmit={(event) => (event.preventDefault(), sentence.trim() !== '' && add.mutate())}>
        <TextInput
          aria-label="A sentence for your agents"
          placeholder="Tell your agents something, for example: Dates go first in file names."
          maxLength={500}
          value={sentence}
          onChange={(event) => setSentence(event.target.value)}
        />
        <Button type="submit" large tone="accent" busy={add.isPending} disabled={sentence.trim() === ''}>
          Keep
        </Button>
      </form>
      {found.data.length === 0 ? (
        <Empty icon={GLYPH.learned} title="Nothing yet" quiet>
          When you refuse or change the same thing more than once, a sentence about it is proposed here.
        </Empty>
      ) : null}
      {groups.map(({ state, title, hint }) =>
        of(state).length === 0 ? null : (
          <Section key={state} title={title} hint={hint}>
            <Card>
              {of(state).map((each) => (
                <Sentence key={each.id} preference={each} onDone={refresh} />
              ))}
            </Card>
          </Section>
        ),
      )}
    </Page>
  )
}

function Sentence({ preference, onDone }: { preference: Preference; onDone: () => Promise<void> }) {
  const [words, setWords] = useState<string | null>(null)
  const { id } = preference
  const set = useMutation({
    mutationFn: (patch: { state?: Preference['state']; sentence?: string }) => client.agents.setPreference({ id, ...patch }),
    onError: reportFailure,
    onSettled: onDone,
  })
  const forget = useMutation({ mutationFn: () => client.agents.removePreference({ id }), onError: reportFailure, onSettled: onDone })
  const save = (): void => {
    if (words !== null && words.trim() !== '' && words.trim() !== preference.sentence) set.mutate({ sentence: words.trim() })
    setWords(null)
  }
  return (
    <div className="flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:flex-wrap phone:px-3">
      <div className="min-w-0 flex-1 phone:basis-full">
        {words === null ? (
          <p className="font-medium">{homeText(preference.sentence)}</p>
        ) : (
          <form onSubmit={(event) => (event.preventDefault(), save())}>
            <TextInput
              autoFocus
              aria-label="The sentence"
              value={words}
              maxLength={500}
              onChange={(event) => setWords(event.target.value)}
              onBlur={save}
              onKeyDown={(event) => event.key === 'Escape' && setWords(null)}
            />
          </form>
        )}
        <p className="flex flex-wrap items-center gap-x-2 text-12 text-ink-faint">
          {preference.agent ? <Badge>{preference.agent} only</Badge> : null}
          {preference.origin === 'person'
            ? 'You wrote it'
            : preference.evidence
                .map((each) => `${homeText(each.words)} (${moment(each.at)})`)
                .slice(0, 3)
                .join(' · ')}
        </p>
      </div>
      {preference.state === 'kept' ? null : (
        <Button icon={Check} tone="accent" busy={set.isPending} onClick={() => set.mutate({ state: 'kept' })}>
          Keep
        </Button>
      )}
      <span className="flex">
        <IconButton icon={Pencil} size={14} label="Reword" onClick={() => setWords(preference.sentence)} />
        {preference.state === 'off' ? null : (
          <IconButton icon={EyeOff} size={14} label="Switch off" onClick={() => set.mutate({ state: 'off' })} />
        )}
        <IconButton icon={Trash2} size={14} label="Forget" onClick={() => forget.mutate()} />
      </span>
    </div>
  )
}
