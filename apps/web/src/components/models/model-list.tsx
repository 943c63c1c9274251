import type { Model } from '@life-os/contract'
import { Command } from 'cmdk'
import { Check, Search } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import { count } from '../../lib/format.ts'
import { findModels, priceWords, type Choice } from './model-words.ts'

/** Rows at once. A cloud lists hundreds; a word finds the rest. */
const MOST = 100

export interface ModelListProps {
  models: readonly Model[]
  /** What is taken now: a model's `provider/model`, or one of `others`. */
  value?: string
  /** What stands before the models: automatic, or short names. */
  others?: readonly Choice[]
  onPick: (value: string) => void
}

/** Models by provider, found by typing; arrows choose, Enter takes one. Loaded when it is opened. */
export default function ModelList({ models, value, others = [], onPick }: ModelListProps) {
  const [words, setWords] = useState('')
  const { named, groups, left } = found(models, others, words)
  const first = (typed: string): string => {
    const {
      named: [list],
      groups: [group],
    } = found(models, others, typed)
    return list?.value ?? group?.models[0]?.ref ?? ''
  }
  const [at, setAt] = useState(() => value ?? first(''))
  return (
    <Command label="Find a model" shouldFilter={false} loop value={at} onValueChange={setAt} className="flex min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3">
        <Icon of={Search} size={14} className="text-ink-faint" />
        <Command.Input
          autoFocus
          value={words}
          onValueChange={(typed) => {
            setWords(typed)
            setAt(first(typed))
          }}
          placeholder={models.length === 0 ? 'No model yet' : `Find one of ${count(models.length, 'model')}`}
          className="h-9 min-w-0 flex-1 bg-transparent outline-none phone:h-11 phone:text-16"
        />
      </div>
      <div className="min-h-0 flex-1 overflow-auto overscroll-contain p-1">
        <Command.List label="Models">
          {named.map((other) => (
            <Row key={other.value} value={other.value} chosen={other.value === value} tail={other.hint ?? ''} onPick={onPick}>
              {other.label}
            </Row>
          ))}
          {groups.map(({ provider, local, models: own }) => (
            <Command.Group
              key={provider}
              heading={local ? `${provider} · on this machine` : provider}
              className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-ink-faint"
            >
              {own.map((model) => (
                <Row
                  key={model.ref}
                  value={model.ref}
                  chosen={model.ref === value}
                  tail={local ? '' : priceWords(model.price)}
                  onPick={onPick}
                >
                  {model.title}
                </Row>
              ))}
            </Command.Group>
          ))}
        </Command.List>
        {named.length + groups.length === 0 ? (
          <p role="status" className="px-2 py-6 text-center text-ink-faint">
            No model here is called that.
          </p>
        ) : null}
        {left > 0 ? <p className="px-2 py-2 text-12 text-ink-faint">{count(left, 'more model')}: type a part of its name.</p> : null}
      </div>
    </Command>
  )
}

const found = (models: readonly Model[], others: readonly Choice[], words: string) => ({
  ...findModels(models, words, MOST),
  named: others.filter(({ label }) => label.toLowerCase().includes(words.trim().toLowerCase())),
})

function Row({
  value,
  chosen,
  tail,
  onPick,
  children,
}: {
  value: string
  chosen: boolean
  tail: string
  onPick: (value: string) => void
  children: ReactNode
}) {
  return (
    <Command.Item
      value={value}
      onSelect={() => onPick(value)}
      title={value}
      className="flex min-h-8 cursor-pointer items-center gap-2 rounded-control px-2 py-1 data-[selected=true]:bg-hover phone:min-h-11"
    >
      <span className="flex size-4 shrink-0 items-center justify-center">
        {chosen ? <Icon of={Check} size={14} className="text-accent-text" /> : null}
      </span>
      <span className="line-clamp-2 min-w-0 flex-1 break-words">
        {children}
        {chosen ? <span className="sr-only"> (taken now)</span> : null}
      </span>
      <span className="figures max-w-[60%] shrink-0 truncate text-12 text-ink-faint">{tail}</span>
    </Command.Item>
  )
}
