/** Step paths: `scan`, `sort[3].move`, `pick.else.note`. The run itself is the empty path. */

export function childPath(parent: string, id: string): string {
  return parent === '' ? id : `${parent}.${id}`
}

export function itemPath(parent: string, index: number): string {
  return `${parent}[${index}]`
}

/** The step's place in the plan, without the indexes of loops: what statistics are kept by. */
export function planPath(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '')
}

/** Whether `path` is `ancestor` itself or lies below it. */
export function isWithin(path: string, ancestor: string): boolean {
  if (ancestor === '' || path === ancestor) return true
  if (!path.startsWith(ancestor)) return false
  const next = path[ancestor.length]
  return next === '.' || next === '['
}
