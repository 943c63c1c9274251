import path from 'node:path'
import type { Approval, Change, Need, Preview } from '@life-os/contract'
import type { Touched } from './subject.ts'

const MOST = 50

/** What changes of a preview touch, each sort and place once. */
export function touchedBy(preview: Preview, among: (step: string) => boolean = () => true): Touched[] {
  const tools = new Map(preview.steps.map((step) => [step.path, step.tool]))
  const wanted = preview.changes.filter(({ step }) => among(step))
  const telling = wanted.filter(({ change }) => change.kind !== 'folder-make') // folders come along with what is put into them
  return distinct(
    (telling.length > 0 ? telling : wanted).map(({ step, change }) => ({
      ...sortOf(change),
      kind: change.kind,
      tool: tools.get(step) ?? null,
    })),
  )
}

/** What a question about permissions is about. */
export function touchedByNeeds(needs: readonly Need[], tool: string | null): Touched[] {
  return distinct(
    needs.map(({ kind, resource }) => ({
      kind,
      tool,
      ...(kind.startsWith('fs.') ? file(resource.replace(/\/\*\*$/, '/')) : { place: resource, extension: null }),
    })),
  )
}

/** The places that an agent's call names, where a person looked at the call itself. */
export function touchedByCall(subject: NonNullable<Approval['subject']>): Touched[] {
  const { tool, input } = subject
  if (tool === null || typeof input !== 'object' || input === null) return []
  const places = Object.values(input).filter((value): value is string => typeof value === 'string' && value.startsWith('/'))
  return distinct(places.map((place) => ({ kind: tool, tool, ...file(place) })))
}

function sortOf(change: Change): Pick<Touched, 'place' | 'extension'> {
  switch (change.kind) {
    case 'file-move':
    case 'file-copy':
      return file(change.from)
    case 'file-write':
    case 'file-remove':
    case 'folder-make':
      return file(change.path)
    case 'request-send':
    case 'page-act':
      return { place: URL.parse(change.url)?.host ?? null, extension: null }
    case 'command-run':
      return { place: change.program, extension: null }
    case 'effect-restore':
      return { place: null, extension: null }
  }
}

const file = (place: string): Pick<Touched, 'place' | 'extension'> => ({
  place: place.endsWith('/') && place.length > 1 ? place.slice(0, -1) : path.posix.dirname(place),
  extension: path.posix.extname(place).toLowerCase() || null,
})

function distinct(all: readonly Touched[]): Touched[] {
  return [...new Map(all.map((one) => [JSON.stringify([one.kind, one.tool, one.place, one.extension]), one])).values()].slice(0, MOST)
}
