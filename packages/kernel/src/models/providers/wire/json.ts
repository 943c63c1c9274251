/** Reading JSON of foreign services, where any part may be missing or something else. */
export function field(value: unknown, name: string): unknown {
  // A cast, because any object has string keys.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
export function fields(value: unknown, name: string): unknown[] {
  const found = field(value, name)
  return Array.isArray(found) ? found : []
}
export function textIn(value: unknown, name: string): string {
  const found = field(value, name)
  return typeof found === 'string' ? found : ''
}
/** A whole number of 0 or more. */
export function numberIn(value: unknown, name: string): number | null {
  const found = field(value, name)
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : null
}
