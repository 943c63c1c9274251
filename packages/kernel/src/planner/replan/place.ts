/** Where a step stands in a plan, and what the paths of its instances look like. */
export interface Place {
  /** The one path it has; null inside loops, where each turn has its own. */
  path: string | null
  /** Its path without the numbers of turns. */
  pattern: string
  /** Its path as text of a plan: inside loops with an expression for each number. */
  text: string
  /** Of the loops around it, outermost first, the step that keeps its number for loops inside; null where there are none. */
  indexes: readonly (string | null)[]
}

const joined = (parent: string, id: string): string => (parent === '' ? id : `${parent}.${id}`)

export const childOf = (parent: Place, id: string): Place => ({
  ...parent,
  path: parent.path === null ? null : joined(parent.path, id),
  pattern: joined(parent.pattern, id),
  text: joined(parent.text, id),
})

/** A side of a branch, or what follows a failure, has a name in paths. */
export const sideOf = childOf

/** The body of a loop. `index`: the step of the body that keeps its number, for the loops in it. */
export function inLoop(place: Place, index: string | null): Place {
  const outer = place.indexes.at(-1)
  const text = outer === undefined || outer === null ? place.text : place.text.replaceAll('${{ index }}', `\${{ steps.${outer} }}`)
  return { path: null, pattern: place.pattern, text: `${text}[\${{ index }}]`, indexes: [...place.indexes, index] }
}

/** Whether a path is one of a place's, or lies below one. `itself`: it is one. */
export function isBelow(path: string, place: Place, itself = false): boolean {
  const plain = path.replaceAll(/\[\d+\]/g, '')
  if (place.path !== null)
    return itself ? path === place.path : path === place.path || path.startsWith(`${place.path}.`) || path.startsWith(`${place.path}[`)
  return plain === place.pattern || (!itself && plain.startsWith(`${place.pattern}.`))
}
