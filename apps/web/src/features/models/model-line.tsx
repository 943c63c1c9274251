import type { Model } from '@life-os/contract'
import { Badge } from '../../components/badge.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { priceWords } from '../../components/models/model-words.ts'
import { inOrder, modelFacts } from './model-words.ts'

/** A model as one line that opens it. */
export function ModelLine({ model, onOpen }: { model: Model; onOpen: () => void }) {
  const failing = model.qualification?.tools !== null && (model.qualification?.tools ?? 1) < 0.5
  const price = priceWords(model.price) || (model.local ? 'free, private' : 'price unknown')
  const facts = modelFacts(model) || (model.name === model.title ? '' : model.name)
  return (
    <button
      type="button"
      onClick={onOpen}
      className="flex min-h-11 w-full items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5 text-left last:border-b-0 hover:bg-hover focus-visible:-outline-offset-2 phone:flex-wrap phone:px-3 phone:py-2"
    >
      <span className="flex min-w-0 flex-1 flex-col phone:basis-full">
        <span className="truncate font-medium" title={model.title}>
          {model.title}
        </span>
        {facts === '' ? null : <span className="figures truncate text-12 text-ink-faint">{facts}</span>}
      </span>
      <span className="flex shrink-0 flex-wrap justify-end gap-1 phone:shrink">
        {inOrder(model.capabilities).map(({ capability, word }) => (
          <Badge key={capability}>{word}</Badge>
        ))}
        {failing ? (
          <Badge tone="change" icon={GLYPH.warning}>
            weak with tools
          </Badge>
        ) : null}
      </span>
      <span className="figures w-44 shrink-0 text-right text-12 text-ink-faint phone:ml-auto phone:w-auto">{price}</span>
    </button>
  )
}
