import type { Provider } from '@life-os/contract'

const AMISS: Partial<Record<Provider['state'], string>> = {
  unreachable: 'does not answer',
  refused: 'refuses its key',
  resting: 'rests after faults',
}

/** A word or two about the models. `amiss`: something that a person set up does not serve. */
export function modelsInWords(providers: readonly Provider[]): { words: string; amiss: boolean } {
  const broken = providers.filter(({ enabled, state }) => enabled && AMISS[state] !== undefined)
  const [first] = broken
  if (first)
    return { words: broken.length > 1 ? `${broken.length} providers of models fail` : `${first.name} ${AMISS[first.state]}`, amiss: true }
  const serving = providers.filter(({ state, models }) => state === 'ready' && models > 0)
  if (serving.some(({ local }) => local)) return { words: 'local models ok', amiss: false }
  return { words: serving.length > 0 ? 'cloud models ok' : 'no model', amiss: false }
}
