import type { Model, ModelSettings } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { ModelPicker } from '../../components/models/model-picker.tsx'
import { listsOf } from '../../components/models/model-words.ts'
import { Card, Section } from '../../components/page.tsx'
import { api } from '../../lib/api.ts'

type Choices = ModelSettings['choices']

/** The model that one agent, tool or plugin is given when it names none itself. */
export function WhoSection({
  settings: { aliases, choices },
  models,
  onChange,
}: {
  settings: ModelSettings
  models: readonly Model[]
  onChange: (choices: Choices) => void
}) {
  const lists = ['default', 'vision', 'embed'].map((name) => ({ value: name, label: name, hint: aliases[name]?.[0] ?? 'automatic' }))
  const others = [...listsOf(aliases), ...lists]
  return (
    <Section title="For one agent, tool or plugin" hint="What it gets when it names no model itself.">
      <Card>
        {Object.entries(choices).map(([who, model]) => (
          <div key={who} className="flex min-h-11 items-center gap-2 border-b border-line py-1 pl-4 pr-2 phone:pl-3">
            <span className="mono min-w-0 flex-1 truncate text-12" title={who}>
              {who}
            </span>
            <ModelPicker
              label={`A model for ${who}`}
              align="end"
              value={model}
              others={others}
              models={models}
              onPick={(next) => onChange({ ...choices, [who]: next })}
              trigger={
                <Button aria-label={`Model for ${who}: ${model}`} className="mono min-w-0 max-w-[55%] text-12">
                  <span className="truncate">{model}</span>
                  <ChevronDown aria-hidden size={14} className="shrink-0 text-ink-faint" />
                </Button>
              }
            />
            <IconButton
              icon={X}
              size={14}
              label={`No choice for ${who}`}
              onClick={() => onChange(Object.fromEntries(Object.entries(choices).filter(([each]) => each !== who)))}
            />
          </div>
        ))}
        <NewChoice taken={Object.keys(choices)} onAdd={(who) => onChange({ ...choices, [who]: 'default' })} />
      </Card>
    </Section>
  )
}

function NewChoice({ taken, onAdd }: { taken: readonly string[]; onAdd: (who: string) => void }) {
  const [who, setWho] = useState('')
  const agents = useQuery({ ...api.agents.list.queryOptions(), staleTime: 30_000 })
  const plugins = useQuery({ ...api.plugins.list.queryOptions(), staleTime: 30_000 })
  const known = [
    ...(agents.data ?? []).map(({ agent }) => agent.id),
    ...(plugins.data ?? []).flatMap(({ manifest, tools }) => [manifest.id, ...tools.map((tool) => tool.id)]),
  ]
  const fit = known.includes(who) && !taken.includes(who)
  return (
    <form
      className="flex items-center gap-2 px-4 py-2 phone:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!fit) return
        onAdd(who)
        setWho('')
      }}
    >
      <TextInput
        aria-label="Id of an agent, tool or plugin"
        list="models-who"
        placeholder="an agent, tool or plugin, by its id"
        className="mono max-w-96 text-12"
        value={who}
        onChange={(event) => setWho(event.target.value.trim())}
      />
      <datalist id="models-who">
        {known.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </datalist>
      <Button type="submit" icon={Plus} disabled={!fit} className="ml-auto">
        Choose
      </Button>
    </form>
  )
}
