import type { Model, ModelSettings, Price } from '@life-os/contract'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { TextInput } from '../../components/field.tsx'
import { ModelPicker } from '../../components/models/model-picker.tsx'
import { priceWords } from '../../components/models/model-words.ts'
import { Card, Section } from '../../components/page.tsx'
import { amountOf } from './amounts.ts'

type Prices = ModelSettings['prices']

/** A person's own prices, over the table that is built in. */
export function PricesSection({
  settings: { prices, budgets },
  models,
  onChange,
}: {
  settings: ModelSettings
  models: readonly Model[]
  onChange: (prices: Prices) => void
}) {
  return (
    <Section
      title="Your own prices"
      hint={`For a million tokens, in ${budgets.currency}; they stand over the built-in table. A price nobody knows counts as the dearest.`}
    >
      <Card>
        {Object.entries(prices).map(([ref, price]) => (
          <div
            key={ref}
            className="flex min-h-11 items-center gap-3 border-b border-line py-1 pl-4 pr-2 phone:flex-wrap phone:gap-y-0 phone:pl-3"
          >
            <span className="mono min-w-0 flex-1 truncate text-12 phone:basis-full" title={ref}>
              {ref}
            </span>
            <span className="figures text-12 text-ink-soft">{priceWords(price) || 'free'}</span>
            <IconButton
              icon={X}
              size={14}
              label={`Without the price of ${ref}`}
              onClick={() => onChange(Object.fromEntries(Object.entries(prices).filter(([each]) => each !== ref)))}
              className="phone:ml-auto"
            />
          </div>
        ))}
        <NewPrice
          models={models.filter(({ ref }) => prices[ref] === undefined)}
          currency={budgets.currency}
          onAdd={(ref, price) => onChange({ ...prices, [ref]: price })}
        />
      </Card>
    </Section>
  )
}

function NewPrice({ models, currency, onAdd }: { models: readonly Model[]; currency: string; onAdd: (ref: string, price: Price) => void }) {
  const [ref, setRef] = useState('')
  const [texts, setTexts] = useState({ input: '', output: '' })
  const input = amountOf(texts.input)
  const output = amountOf(texts.output)
  const fit = ref !== '' && typeof input === 'number' && typeof output === 'number'
  const providers = [...new Set(models.map(({ provider }) => provider))]
  return (
    <form
      className="flex flex-wrap items-center gap-2 px-4 py-2 phone:px-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!fit) return
        onAdd(ref, { input, output, currency })
        setRef('')
        setTexts({ input: '', output: '' })
      }}
    >
      <ModelPicker
        label="The model that has a price"
        value={ref}
        others={providers.map((provider) => ({ value: `${provider}/*`, label: `${provider}/*`, hint: 'all of its models' }))}
        models={models}
        onPick={setRef}
        trigger={
          <Button className="mono min-w-0 max-w-full text-12 phone:w-full">
            <span className="truncate">{ref === '' ? 'Choose a model' : ref}</span>
          </Button>
        }
      />
      {(['input', 'output'] as const).map((side) => (
        <TextInput
          key={side}
          aria-label={side === 'input' ? 'Price of what goes in' : 'Price of what comes out'}
          aria-invalid={(side === 'input' ? input : output) === 'invalid'}
          placeholder={side === 'input' ? 'in, 2.50' : 'out, 10.00'}
          inputMode="decimal"
          className="max-w-28 text-12 phone:max-w-none phone:flex-1"
          value={texts[side]}
          onChange={(event) => setTexts({ ...texts, [side]: event.target.value })}
        />
      ))}
      <Button type="submit" icon={Plus} disabled={!fit} className="ml-auto">
        Keep
      </Button>
    </form>
  )
}
