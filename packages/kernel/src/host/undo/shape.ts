import type { EffectRecord, FileImage } from '@life-os/contract'
import { fault } from '../paths/faults.ts'

/** What an effect did to one place, read from its images: how to take it back follows from this alone. */
export type Step =
  | { kind: 'moved'; from: string; to: string; was: FileImage; is: FileImage }
  | { kind: 'appeared'; path: string; is: FileImage }
  | { kind: 'vanished'; path: string; was: FileImage }
  | { kind: 'replaced'; path: string; was: FileImage; is: FileImage }

export type Images = EffectRecord['before']

/**
 * The steps of an effect in the order in which to take them back. Trash places among the images are where a thing came
 * from; they are no places to restore.
 */
export function stepsOf(effect: EffectRecord, isTrash: (path: string) => boolean): Step[] {
  const { before, after } = effect
  if (after === null) throw fault('effect-unfinished', 'This effect was cut off and must be looked at before it can be taken back.')
  const paths = Object.keys(before).filter((path) => !isTrash(path))
  const gone = paths.filter((path) => before[path] && !after[path])
  const come = paths.filter((path) => !before[path] && after[path])
  const steps: Step[] = paths.flatMap((path) => replacedAt(path, before[path], after[path]))
  const [from, to] = [gone[0], come[0]]
  if (from !== undefined && to !== undefined && isRename(before[from], after[to])) {
    return [...steps, { kind: 'moved', from, to, was: before[from] as FileImage, is: after[to] as FileImage }] // both are there: the filters above
  }
  steps.push(...gone.map((path): Step => ({ kind: 'vanished', path, was: before[path] as FileImage }))) // there before: the filter above
  steps.push(...come.map((path): Step => ({ kind: 'appeared', path, is: after[path] as FileImage }))) // there after: the filter above
  return steps
}

/** A rename keeps the inode; across volumes the original is kept in the trash instead. */
const isRename = (was: FileImage | null | undefined, is: FileImage | null | undefined): boolean => !!was && !!is && was.trash === undefined

function replacedAt(path: string, was: FileImage | null | undefined, is: FileImage | null | undefined): Step[] {
  return was && is && was.trash !== undefined ? [{ kind: 'replaced', path, was, is }] : []
}
