import type { Model, ModelSettings } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { ChoiceMenu } from '../../components/menu.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { reportFailure } from '../../lib/report.ts'
import { amountOf, limitText } from './amounts.ts'

type Patch = Parameters<typeof client.models.setSettings>[0]

const ALIASES = [
  { name: 'default', hint: 'What answers when nothing else is said.' },
  { name: 'fast', hint: 'For small things: titles, sorting, summaries.' },
  { name: 'vision', hint: 'When pictures go in.' },
  { name: 'embed', hint: 'For finding by meaning.' },
] as const

/** Which model is taken for what, and what may be spent. */
export function ChoicesTab() {
  const queries = useQueryClient()
  const settings = useQuery(api.models.settings.queryOptions())
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 15_000 })
  const save = useMutation({
    mutationFn: (patch: Patch) => client.models.setSettings(patch),
    onSuccess: (now) => queries.setQueryData(api.models.settings.queryKey(), now),
    onError: reportFailure,
    onSettled: () => queries.invalidateQueries({ queryKey: api.models.key() }),
  })
  const failed = settings.error ?? models.error
  if (failed) return <Failure error={requestError(failed)} onRetry={() => void Promise.all([settings.refetch(), models.refetch()])} />
  if (!settings.data || !models.data) return <SkeletonRows label="Loading the choices" />
  const { data } = settings
  return (
    <>
      <Section title="Where first" hint="Private data only ever reaches models on this machine, whatever is chosen here.">
        <Card className="flex flex-col gap-4 p-4">
          <Segmented
            label="Where first"
            value={data.prefer}
            options={[
              { value: 'local', label: 'This machine first' },
              { value: 'cloud', label: 'Cloud first' },
            ]}
            onChange={(prefer) => save.mutate({ prefer })}
            className="self-start"
          />
          <TickRow
            checked={data.fallback}
            onChange={(fallback) => save.mutate({ fallback })}
            label="Use a cloud model when none on this machine can do it"
            help="Never for what is private, and within the limits below."
          />
        </Card>
      </Section>
      <Section title="Which model for what" hint="The first that can serve is taken; empty means automatic.">
        <Card>
          {ALIASES.map(({ name, hint }) => (
            <AliasRow
              key={name}
              name={name}
              hint={hint}
              models={models.data.filter((model) =>
                model.capabilities.includes(name === 'embed' ? 'embed' : name === 'vision' ? 'vision' : 'text'),
              )}
              value={data.aliases[name] ?? []}
              onChange={(list) => save.mutate({ aliases: { ...data.aliases, [name]: list } })}
            />
          ))}
        </Card>
      </Section>
      <LimitsSection
        key={JSON.stringify(data.budgets)}
        budgets={data.budgets}
        busy={save.isPending}
        onSave={(budgets) => save.mutate({ budgets })}
      />
    </>
  )
}

function AliasRow({
  name,
  hint,
  models,
  value,
  onChange,
}: {
  name: string
  hint: string
  models: readonly Model[]
  value: readonly string[]
  onChange: (value: string[]) => void
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
      <div className="w-56 shrink-0">
        <p className="mono text-12 font-medium">{name}</p>
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
          <ChoiceMenu
            value=""
            options={left.map((model) => ({ value: model.ref, label: model.title, hint: model.provider }))}
            onChange={(ref) => onChange([...value, ref])}
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

const LIMITS = [
  { key: 'call', label: 'One call', help: 'A single question to a model.' },
  { key: 'run', label: 'One run', help: 'A whole answer or plan, with all its calls.' },
  { key: 'personDay', label: 'You, a day', help: 'Everything that you start.' },
  { key: 'day', label: 'Everybody, a day', help: 'Everything on this Life-OS.' },
] as const

function LimitsSection({
  budgets,
  busy,
  onSave,
}: {
  budgets: ModelSettings['budgets']
  busy: boolean
  onSave: (budgets: ModelSettings['budgets']) => void
}) {
  const [texts, setTexts] = useState(() => Object.fromEntries(LIMITS.map(({ key }) => [key, limitText(budgets[key])])))
  const parsed = LIMITS.map(({ key }) => ({ key, amount: amountOf(texts[key] ?? '') }))
  const faulty = parsed.filter(({ amount }) => amount === 'invalid').map(({ key }) => key)
  const submit = (): void => {
    if (faulty.length > 0) return
    const next: ModelSettings['budgets'] = { currency: budgets.currency, alerts: budgets.alerts }
    for (const { key, amount } of parsed) if (typeof amount === 'number') next[key] = amount
    onSave(next)
  }
  return (
    <Section
      title="What may be spent"
      hint="A limit is reserved before a call goes out, so that it is never passed. Models on this machine are free."
    >
      <form className="rounded-card border border-line bg-surface p-4" onSubmit={(event) => (event.preventDefault(), submit())}>
        <div className="grid grid-cols-4 gap-4 phone:grid-cols-1">
          {LIMITS.map(({ key, label, help }) => (
            <Field key={key} label={label} help={help} error={faulty.includes(key) ? 'Write an amount such as 0.50.' : undefined}>
              {(ids) => (
                <TextInput
                  {...ids}
                  inputMode="decimal"
                  placeholder="no limit"
                  value={texts[key] ?? ''}
                  onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <div className="mt-4 flex items-center gap-3">
          <Button type="submit" tone="accent" busy={busy} disabled={faulty.length > 0}>
            Keep these limits
          </Button>
          <span className="text-12 text-ink-faint">
            In {budgets.currency}. You are told at {budgets.alerts.map((at) => `${Math.round(at * 100)} %`).join(' and ')} of a day's limit.
          </span>
        </div>
      </form>
    </Section>
  )
}
