import type { ModelSettings } from '@life-os/contract'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { Section } from '../../components/page.tsx'
import { amountOf, limitText } from './amounts.ts'

const LIMITS = [
  { key: 'call', label: 'One call', help: 'A single question to a model.' },
  { key: 'run', label: 'One run', help: 'A whole answer or plan, with all its calls.' },
  { key: 'personDay', label: 'You, a day', help: 'Everything that you start.' },
  { key: 'day', label: 'Everybody, a day', help: 'Everything on this Life-OS.' },
] as const

/** What may be spent: a call, a run, a day. */
export function LimitsSection({
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
