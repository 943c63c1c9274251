import { joinLabels, type Label, type LabelSource, type Labels } from '@life-os/contract'
import { joinSources } from './sources.ts'
import type { CallLabels } from './types.ts'

/** Collects what a call reads. `onNew` hears of each label that the call did not carry before, as soon as it does. */
export function createCallLabels(labels: Labels, onNew: (label: Label, from: string) => void = () => undefined): CallLabels {
  let current: Labels = joinLabels(labels)
  let sources: LabelSource[] = []
  return {
    get current() {
      return current
    },
    get sources() {
      return sources
    },
    add(label, from) {
      if (!sources.some((source) => source.label === label && source.from === from)) sources = joinSources(sources, [{ label, from }])
      if (current.includes(label)) return
      current = joinLabels(current, [label])
      onNew(label, from)
    },
  }
}
