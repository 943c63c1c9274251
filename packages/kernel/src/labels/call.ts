import { joinLabels, type Label, type LabelSource, type Labels } from '@life-os/contract'
import { joinSources } from './sources.ts'
import type { CallLabels } from './types.ts'

/** Sources that go along with what a call writes, for each label. */
const MOST_EXPLAINED = 5

/** Collects what a call reads; `origins` tells where the labels that it begins with came from. `onNew` hears of each label that the call did not carry before, as soon as it does. */
export function createCallLabels(
  labels: Labels,
  origins: readonly LabelSource[] = [],
  onNew: (label: Label, from: string) => void = () => undefined,
): CallLabels {
  let current: Labels = joinLabels(labels)
  let sources: LabelSource[] = []
  return {
    get current() {
      return current
    },
    get sources() {
      return sources
    },
    get explained() {
      return current.flatMap((label): LabelSource[] => {
        const known = joinSources(
          sources.filter((source) => source.label === label),
          origins.filter((source) => source.label === label),
        )
        return known.length > 0 ? known.slice(0, MOST_EXPLAINED) : [{ label, from: 'an earlier step' }]
      })
    },
    add(label, from) {
      if (!sources.some((source) => source.label === label && source.from === from)) sources = joinSources(sources, [{ label, from }])
      if (current.includes(label)) return
      current = joinLabels(current, [label])
      onNew(label, from)
    },
  }
}
