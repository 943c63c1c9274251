import type { Agent } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field, TextArea, TextInput } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { ModelPicker } from '../../components/models/model-picker.tsx'
import { AUTOMATIC, listsOf } from '../../components/models/model-words.ts'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'
import { agentOf, draftOf, faultsOf } from './agent-draft.ts'

/** Changes an agent. What is kept is a new version, and the one before stays to go back to. */
export function AgentEditor({ agent }: { agent: Agent }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(agent))
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 30_000 })
  const settings = useQuery({ ...api.models.settings.queryOptions(), staleTime: 30_000 })
  const faults = faultsOf(draft)
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(agent))
  const save = useMutation({
    mutationFn: () => client.agents.save({ id: agent.id, agent: agentOf(agent, draft) }),
    onSuccess: (stored) => reportDone(`Version ${stored.agent.version} of ${stored.agent.name} is kept.`),
    onSettled: () => queries.invalidateQueries({ queryKey: api.agents.key() }),
    meta: { quiet: true },
  })
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change })
  const failure = save.error ? requestError(save.error) : null
  return (
    <form
      className="mx-auto flex max-w-[760px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (changed && Object.keys(faults).length === 0 && !save.isPending) save.mutate()
      }}
    >
      <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
        <Field label="Name" error={faults.name}>
          {(ids) => <TextInput {...ids} value={draft.name} maxLength={100} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label="Model" help="Automatic takes your choices on the Models page.">
          {(ids) => (
            <ModelPicker
              label="Model"
              value={draft.model}
              others={[AUTOMATIC, ...listsOf(settings.data?.aliases ?? {})]}
              models={(models.data ?? []).filter((model) => model.capabilities.includes('text'))}
              onPick={(model) => set({ model })}
              trigger={
                <button
                  {...ids}
                  type="button"
                  aria-label={`Model: ${draft.model || 'Automatic'}`}
                  className="flex h-8 items-center justify-between gap-2 rounded-control border border-line-strong bg-raised px-2.5 phone:h-11"
                >
                  <span className="truncate">{draft.model || 'Automatic'}</span>
                  <Icon of={ChevronDown} size={14} className="shrink-0 text-ink-faint" />
                </button>
              }
            />
          )}
        </Field>
      </div>
      <Field label="Description" optional>
        {(ids) => (
          <TextInput {...ids} value={draft.description} maxLength={1000} onChange={(event) => set({ description: event.target.value })} />
        )}
      </Field>
      <Field
        label="What it is told"
        help="Markdown. Say what it is for, when to ask, and what it must never do."
        error={faults.instructions}
      >
        {(ids) => (
          <TextArea
            {...ids}
            className="mono min-h-80 text-12"
            value={draft.instructions}
            onChange={(event) => set({ instructions: event.target.value })}
          />
        )}
      </Field>
      <Field label="Tools" help="One a line: an id such as files.move, or a whole plugin such as files.*" error={faults.tools}>
        {(ids) => (
          <TextArea
            {...ids}
            className="mono field-sizing-content max-h-96 text-12"
            value={draft.tools}
            onChange={(event) => set({ tools: event.target.value })}
          />
        )}
      </Field>
      <Field label="Gives work to" help="Ids of agents, one a line." optional error={faults.agents}>
        {(ids) => (
          <TextArea
            {...ids}
            className="mono min-h-12 text-12"
            value={draft.agents}
            onChange={(event) => set({ agents: event.target.value })}
          />
        )}
      </Field>
      <div className="grid grid-cols-3 gap-4 phone:grid-cols-1">
        <Field label="Rounds of one turn" error={faults.rounds}>
          {(ids) => (
            <TextInput {...ids} inputMode="numeric" value={draft.rounds} onChange={(event) => set({ rounds: event.target.value })} />
          )}
        </Field>
        <Field label="Money of one turn" help="Such as 0.10 USD" optional error={faults.money}>
          {(ids) => <TextInput {...ids} value={draft.money} onChange={(event) => set({ money: event.target.value })} />}
        </Field>
        <Field label="Time of one turn" help="Such as 5m" optional error={faults.time}>
          {(ids) => <TextInput {...ids} value={draft.time} onChange={(event) => set({ time: event.target.value })} />}
        </Field>
      </div>
      <TickRow
        checked={draft.review}
        onChange={(review) => set({ review })}
        label="Review each tool call"
        help="It waits before each one until you let it, change it or refuse it."
      />
      <TickRow
        checked={draft.plans}
        onChange={(plans) => set({ plans })}
        label="May propose and start plans"
        help="Each plan is shown and approved as a run of its own."
      />
      <TickRow checked={draft.thread} onChange={(thread) => set({ thread })} label="Is told what was said before in the conversation" />
      {failure ? (
        <div role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
          <p>{failure.message}</p>
          {failure.errors.map((each, index) => (
            <p key={index} className="text-12">
              {String(each['path'] ?? '')} {String(each['message'] ?? '')}
            </p>
          ))}
        </div>
      ) : null}
      <div className="sticky -bottom-4 -mx-4 -mb-4 flex items-center gap-3 border-t border-line bg-canvas px-4 py-3">
        <Button type="submit" large tone="accent" busy={save.isPending} disabled={!changed || Object.keys(faults).length > 0}>
          Keep as a new version
        </Button>
        <span className="text-ink-faint">{changed ? 'Not kept yet.' : 'Nothing is changed.'}</span>
      </div>
    </form>
  )
}
