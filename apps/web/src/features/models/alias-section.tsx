import type { Model, ModelSettings } from '@life-os/contract'
import { ArrowDown, ArrowUp, Plus, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { ModelPicker } from '../../components/models/model-picker.tsx'
import { Card, Section } from '../../components/page.tsx'

type Aliases = ModelSettings['aliases']

const USUAL = [
  { name: 'default', hint: 'What answers when nothing else is said.' },
  { name: 'fast', hint: 'For small things: titles, sorting, summaries.' },
  { name: 'vision', hint: 'When pictures go in.' },
  { name: 'embed', hint: 'For finding by meaning.' },
] as const
const isUsual = (name: string): boolean => USUAL.some((each) => each.name === name)
const able = (models: readonly Model[], name: string): readonly Model[] =>
  models.filter((model) => model.capabilities.includes(name === 'embed' ? 'embed' : name === 'vision' ? 'vision' : 'text'))

/** Lists of models that have a name: the four that everything asks by, and a person's own. */
export function AliasSection({
  aliases,
  models,
  onChange,
}: {
  aliases: Aliases
  models: readonly Model[]
  onChange: (aliases: Aliases) => void
}) {
  const own = Object.keys(aliases).filter((name) => !isUsual(name))
  const without = (name: string): Aliases => Object.fromEntries(Object.entries(aliases).filter(([each]) => each !== name))
  return (
    <Section title="Which model for what" hint="The first that can serve is taken; empty means automatic.">
      <Card>
        {[...USUAL, ...own.map((name) => ({ name, hint: 'A list of your own: it serves alone, in its order.' }))].map(({ name, hint }) => (
          <AliasRow
            key={name}
            name={name}
            hint={hint}
            models={able(models, name)}
            value={aliases[name] ?? []}
            onChange={(list) => onChange({ ...aliases, [name]: list })}
            {...(!isUsual(name) && { onRemove: () => onChange(without(name)) })}
          />
        ))}
        <NewAlias taken={Object.keys(aliases)} onAdd={(name) => onChange({ ...aliases, [name]: [] })} />
      </Card>
    </Section>
  )
}

const NAME = /^[a-z][a-z0-9-]{0,40}$/

function NewAlias({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState('')
  const fit = NAME.test(name) && !taken.includes(name) && !isUsual(name)
  return (
    <form
      className="flex items-center gap-2 px-4 py-2 phone:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!fit) return
        onAdd(name)
        setName('')
      }}
    >
      <TextInput
        aria-label="Name of another list"
        aria-invalid={name !== '' && !fit}
        placeholder="another list, such as drafts"
        className="mono max-w-72 text-12"
        value={name}
        onChange={(event) => setName(event.target.value.trim().toLowerCase())}
      />
      <Button type="submit" icon={Plus} disabled={!fit} className="ml-auto">
        Add a list
      </Button>
    </form>
  )
}

function AliasRow({
  name,
  hint,
  models,
  value,
  onChange,
  onRemove,
}: {
  name: string
  hint: string
  models: readonly Model[]
  value: readonly string[]
  onChange: (value: string[]) => void
  onRemove?: () => void
}) {
  const left = models.filter((model) => !value.includes(model.ref))
  const move = (at: number, by: number): void => {
    const next = [...value]
    const [moved] = next.splice(at, 1)
    if (moved !== undefined) next.splice(at + by, 0, moved)
    onChange(next)
  }
  return (
    <div className="flex gap-4 border-b border-line px-4 py-3 last:border-b-0 phone:flex-col phone:gap-2 phone:px-3">
      <div className="w-56 shrink-0 phone:w-auto">
        <p className="mono flex items-center text-12 font-medium">
          {name}
          {onRemove ? (
            <IconButton icon={Trash2} size={14} label={`Without the list ${name}`} onClick={onRemove} className="-my-1.5 ml-auto" />
          ) : null}
        </p>
        <p className="text-12 text-ink-faint">{hint}</p>
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {value.length > 0 ? (
          <ol aria-label={`Models for ${name}`} className="flex flex-col gap-1">
            {value.map((ref, at) => (
              <li key={ref} className="flex h-8 items-center gap-1 rounded-control bg-sunken pl-2.5 phone:h-11">
                <span className="mono min-w-0 flex-1 truncate text-12" title={ref}>
                  {ref}
                </span>
                {models.some((model) => model.ref === ref) ? null : (
                  <span className="shrink-0 px-1 text-12 text-change">not there now</span>
                )}
                <IconButton icon={ArrowUp} size={14} label={`${ref} earlier`} disabled={at === 0} onClick={() => move(at, -1)} />
                <IconButton
                  icon={ArrowDown}
                  size={14}
                  label={`${ref} later`}
                  disabled={at === value.length - 1}
                  onClick={() => move(at, 1)}
                />
                <IconButton icon={X} size={14} label={`Without ${ref}`} onClick={() => onChange(value.filter((each) => each !== ref))} />
              </li>
            ))}
          </ol>
        ) : null}
        {left.length > 0 ? (
          <ModelPicker
            label={`A model for ${name}`}
            models={left}
            onPick={(ref) => onChange([...value, ref])}
            trigger={
              <Button tone="quiet" icon={Plus} className="self-start">
                {value.length === 0 ? 'Choose a model' : 'And then'}
              </Button>
            }
          />
        ) : value.length === 0 ? (
          <p className="py-1 text-12 text-ink-faint">No model can do this yet.</p>
        ) : null}
      </div>
    </div>
  )
}
