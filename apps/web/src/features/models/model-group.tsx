import type { Model } from '@life-os/contract'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Section } from '../../components/page.tsx'
import { count, number } from '../../lib/format.ts'
import { ModelLine } from './model-line.tsx'

const AT_FIRST = 12

/** The models of one provider. A cloud lists hundreds: the first few, and the rest when they are wanted. */
export function ModelGroup({ name, models, onOpen }: { name: string; models: readonly Model[]; onOpen: (ref: string) => void }) {
  const [whole, setWhole] = useState(false)
  const shown = whole || models.length <= AT_FIRST + 2 ? models : models.slice(0, AT_FIRST)
  return (
    <Section
      title={name}
      hint={count(models.length, 'model')}
      {...(models[0]?.local && {
        actions: (
          <Badge tone="private" icon={GLYPH.private}>
            on this machine
          </Badge>
        ),
      })}
    >
      <Card>
        {shown.map((model) => (
          <ModelLine key={model.ref} model={model} onOpen={() => onOpen(model.ref)} />
        ))}
        {shown.length < models.length ? (
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="flex min-h-11 w-full items-center px-4 font-medium text-accent-text hover:bg-hover focus-visible:-outline-offset-2 phone:px-3"
          >
            Show the other {number(models.length - shown.length)}
          </button>
        ) : null}
      </Card>
    </Section>
  )
}
