import type { Model } from '@life-os/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button, IconButton } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, requestError } from '../../lib/api.ts'
import { count } from '../../lib/format.ts'
import { AdviceSection } from './advice-section.tsx'
import { ModelDialog } from './model-dialog.tsx'
import { CAPABILITY, modelFacts, priceWords } from './model-words.ts'
import { ProviderDialog } from './provider-dialog.tsx'
import { PullList } from './pulls.tsx'

/** Every model by who serves it; with none, the ways to one. */
export function ModelsTab() {
  const models = useQuery({ ...api.models.list.queryOptions({ input: {} }), staleTime: 15_000 })
  const [open, setOpen] = useState<string | null>(null)
  if (models.isPending) return <SkeletonRows label="Loading models" />
  if (models.error) return <Failure error={requestError(models.error)} onRetry={() => void models.refetch()} />
  const chosen = models.data.find((model) => model.ref === open)
  const groups = Map.groupBy(models.data, (model) => model.provider)
  return (
    <>
      {models.data.length === 0 ? <NoModels /> : null}
      <PullList />
      {[...groups].map(([provider, list]) => (
        <Section
          key={provider}
          title={provider}
          hint={`${count(list.length, 'model')}${list[0]?.local ? ', on this machine' : ''}`}
          actions={<IconButton icon={RotateCw} size={14} label="Ask again" onClick={() => void models.refetch()} />}
        >
          <Card>
            {list.map((model) => (
              <ModelLine key={model.ref} model={model} onOpen={() => setOpen(model.ref)} />
            ))}
          </Card>
        </Section>
      ))}
      <AdviceSection />
      {chosen ? <ModelDialog model={chosen} onClose={() => setOpen(null)} /> : null}
    </>
  )
}

function ModelLine({ model, onOpen }: { model: Model; onOpen: () => void }) {
  const failing = model.qualification?.tools !== null && (model.qualification?.tools ?? 1) < 0.5
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex min-h-11 w-full items-center gap-3 border-b border-line px-4 py-1.5 text-left last:border-b-0 hover:bg-hover phone:flex-wrap phone:px-3"
    >
      <span className="flex min-w-0 flex-1 flex-col phone:basis-full">
        <span className="truncate font-medium">{model.title}</span>
        <span className="figures truncate text-12 text-ink-faint">{modelFacts(model) || model.name}</span>
      </span>
      <span className="flex flex-wrap justify-end gap-1">
        {model.capabilities.map((capability) => (
          <Badge key={capability}>{CAPABILITY[capability]}</Badge>
        ))}
        {failing ? (
          <Badge tone="change" icon={GLYPH.warning}>
            weak with tools
          </Badge>
        ) : null}
      </span>
      <span className="figures w-40 shrink-0 text-right text-12 text-ink-faint phone:w-auto">
        {model.local ? 'free, private' : priceWords(model.price) || 'price unknown'}
      </span>
    </button>
  )
}

function NoModels() {
  const [adding, setAdding] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <Empty
        icon={GLYPH.model}
        title="No model yet"
        quiet
        action={
          <>
            <Button large tone="accent" onClick={() => setAdding(true)}>
              Add a provider
            </Button>
            <Button large onClick={() => void navigate({ to: '/models', search: { tab: 'providers' } })}>
              Look on this machine
            </Button>
          </>
        }
      >
        Life-OS works without one: workflows, schedules and what can be said by rules. A model adds answers and plans of its own.
      </Empty>
      <ul className="grid grid-cols-2 gap-3 phone:grid-cols-1">
        <Way
          title="On this machine, private and free"
          text="Install Ollama and start it. It is found by itself; models are then fetched from here, below."
        />
        <Way
          title="In the cloud"
          text="Add a provider with its key. It costs what you allow: set a limit a day under Choices and limits."
        />
      </ul>
      {adding ? <ProviderDialog onClose={() => setAdding(false)} /> : null}
    </>
  )
}

function Way({ title, text }: { title: string; text: string }) {
  return (
    <li className="flex gap-3 rounded-card border border-line bg-surface p-3">
      <Icon of={GLYPH.model} className="mt-0.5 text-ink-faint" />
      <span>
        <span className="font-medium">{title}</span>
        <span className="block text-ink-faint">{text}</span>
      </span>
    </li>
  )
}
