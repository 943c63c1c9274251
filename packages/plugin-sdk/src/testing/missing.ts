/** Where `actual` lacks what `expected` has; fields may be left out of `expected`. */
export function missing(expected: unknown, actual: unknown, at = 'the whole'): string[] {
  if (expected === undefined) return []
  if (typeof expected !== 'object' || expected === null || typeof actual !== 'object' || actual === null)
    return Object.is(expected, actual) ? [] : [`${at} is ${shown(actual)} instead of ${shown(expected)}`]
  if (Array.isArray(expected) && (!Array.isArray(actual) || actual.length !== expected.length))
    return [`${at} is ${shown(actual)} instead of ${shown(expected)}`]
  return Object.entries(expected).flatMap(([key, value]) =>
    missing(value, Reflect.get(actual, key), at === 'the whole' ? key : `${at}.${key}`),
  )
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'left out').slice(0, 200)
