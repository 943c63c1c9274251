import { homedir } from 'node:os'
import { joinLabels } from '@life-os/contract'
import type { Label, Labels, LabelSource } from '@life-os/contract'

/** The label book's word on a place by its absolute path. */
export interface PlaceLabels {
  of(path: string): readonly LabelSource[]
}

/**
 * Labels of a sentence: its own, and those of the places that it names now. A path may hold spaces, so each word that begins
 * one is tried with the words that follow it.
 */
export function labelsOfWords(sentence: string, own: Labels, labels: PlaceLabels, home = homedir()): Label[] {
  const named = pathsIn(sentence, home).flatMap((path) => labels.of(path).map(({ label }) => label))
  return joinLabels(own, named)
}

const MOST_WORDS = 12

function pathsIn(sentence: string, home: string): string[] {
  const paths = new Set<string>()
  for (const { index } of sentence.matchAll(/(?<![\w/~])[~/]/g)) {
    const words = sentence.slice(index).split(' ').slice(0, MOST_WORDS)
    for (let count = 1; count <= words.length; count++) {
      const path = words.slice(0, count).join(' ')
      for (const one of [path, path.replace(/[.,;:!?)"'”’]+$/, '')]) paths.add(absolute(one, home))
    }
  }
  return [...paths]
}

/** Without a slash at its end; `~` is the home. */
function absolute(path: string, home: string): string {
  const whole = path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path
  return whole.length > 1 ? whole.replace(/\/+$/, '') || '/' : whole
}
