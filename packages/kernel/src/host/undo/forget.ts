import type { EffectRecord } from '@life-os/contract'
import { destroy } from '../disk/copy.ts'
import type { Trash } from '../disk/trash.ts'

/** Empties the trash of what these effects put there, and of nothing else. Returns the bytes freed. */
export function forget(trash: Trash, effects: readonly EffectRecord[]): number {
  let bytes = 0
  for (const effect of effects) {
    for (const image of Object.values(effect.before))
      if (image?.trash !== undefined && trash.owns(image.trash)) bytes += destroy(image.trash)
  }
  return bytes
}
