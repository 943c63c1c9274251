/** Endings that make no other word of it, longest first, with what must be left before them. */
const ENDINGS: readonly (readonly [ending: string, instead: string, least: number])[] = [
  ['ies', 'y', 2],
  ['sses', 'ss', 1],
  ['ches', 'ch', 2],
  ['shes', 'sh', 2],
  ['xes', 'x', 2],
  ['ing', '', 3],
  ['ed', '', 3],
  ['s', '', 3],
]

/** What words of one meaning share: `photos` and `photo`, `renaming` and `rename`. Light: it joins forms, it does not find roots. */
export function stem(word: string): string {
  const low = word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s?$/, '')
  const found = ENDINGS.find(([ending, , least]) => low.endsWith(ending) && low.length - ending.length >= least && !low.endsWith('ss'))
  const bare = found ? low.slice(0, low.length - found[0].length) + found[1] : low
  const single = found && (found[0] === 'ing' || found[0] === 'ed') ? bare.replace(/([bdgmnprt])\1$/, '$1') : bare
  return single.length > 3 ? single.replace(/e$/, '') : single
}
