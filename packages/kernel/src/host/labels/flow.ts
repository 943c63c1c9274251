import type { Change, LabelSource } from '@life-os/contract'
import type { Brought, Carry, LabelLookup } from '../../labels/index.ts'
import type { Images } from '../types.ts'

/**
 * What a change moves from where to where, the trash included: read from the change and its before-image, so that each
 * primitive (also those of undo) is told apart by what it really touches.
 */
export function carriesOf(change: Change, before: Images): Carry[] {
  const own = 'to' in change ? [change.from, change.to] : 'path' in change ? [change.path] : []
  const carries: Carry[] = []
  for (const [path, image] of Object.entries(before)) {
    if (image?.trash !== undefined) carries.push({ from: path, to: image.trash, gone: true })
    else if (image && !own.includes(path)) carries.push({ from: path, to: comesBackTo(change, before), gone: true })
  }
  if ('to' in change) carries.push({ from: change.from, to: change.to, gone: change.kind === 'file-move' })
  return carries
}

/** Where what was in the trash goes: the place of the change, or for a restore the place that was empty. */
function comesBackTo(change: Change, before: Images): string {
  if ('path' in change) return change.path
  return Object.keys(before).find((path) => before[path] === null) ?? ''
}

/** Labels that a change brings to its place: those of the call, of a stored content, and of what was there before. */
export function broughtBy(change: Change, sources: readonly LabelSource[], labels: LabelLookup): Brought[] {
  switch (change.kind) {
    case 'file-write': {
      const content = change.hash === undefined ? [] : labels.ofBlob(change.hash)
      const old = change.before === undefined ? [] : labels.of(change.path)
      return [{ path: change.path, hash: change.hash ?? null, size: change.bytes ?? null, sources: [...sources, ...content, ...old] }]
    }
    case 'file-move':
    case 'file-copy':
      return [{ path: change.to, hash: null, size: null, sources }]
    case 'folder-make':
      return [{ path: change.path, hash: null, size: null, sources }]
    default:
      return []
  }
}
