import { LifeOsError, type Preview, type PreviewChange } from '@life-os/contract'
import picomatch from 'picomatch'
import { compileGlob } from '../../globs/index.ts'
import { changeKey, placeOf } from '../record/change-key.ts'

/** Step paths to skip so that the named changes, or those whose place matches a glob, do not happen. */
export function stepsWithout(preview: Preview, except: readonly string[], globs: readonly string[]): string[] {
  const ids = new Set(except)
  const known = new Set(preview.changes.map((entry) => entry.id))
  const strange = except.find((id) => !known.has(id))
  if (strange !== undefined) throw new LifeOsError('change-unknown', `There is no change ${strange} in this preview. Load it again.`)
  const matches = globs.map(globOf)
  const unwanted = preview.changes.filter((entry) => ids.has(entry.id) || matches.some((match) => placesOf(entry).some(match)))
  return [...new Set(unwanted.filter((entry) => entry.change.kind !== 'folder-make' || ids.has(entry.id)).map((entry) => entry.step))]
}

function placesOf(entry: PreviewChange): string[] {
  return 'to' in entry.change ? [placeOf(entry.change), entry.change.to] : [placeOf(entry.change)]
}

/** A glob without a slash is meant for names: `*.pdf` finds them in every folder. */
function globOf(glob: string): (place: string) => boolean {
  const compiled = (pattern: string) => compileGlob(pattern) ?? picomatch(pattern, { dot: true, nonegate: true })
  const match = compiled(glob)
  if (glob.includes('/')) {
    const anywhere = compiled(`**/${glob}`)
    return (place) => match(place) || anywhere(place)
  }
  return (place) => match(place.slice(place.lastIndexOf('/') + 1))
}

/**
 * After steps were unticked and the rest previewed again: is the rest what the person saw? Folders may be made by another
 * step than before; anything else that is new must be looked at.
 */
export function sameRest(before: Preview, after: Preview): boolean {
  const shown = new Set(before.changes.map((entry) => changeKey(entry.change)))
  return after.changes.every((entry) => shown.has(changeKey(entry.change)))
}
