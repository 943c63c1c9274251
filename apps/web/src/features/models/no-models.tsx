import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Empty } from '../../components/states.tsx'
import { ProviderDialog } from './provider-dialog.tsx'

/** Nothing serves a model: what works all the same, and the two ways to one. */
export function NoModels() {
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
          text="Install Ollama and start it. It is found by itself; models are then fetched from this page."
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
