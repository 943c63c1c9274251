/** Many clients take no dot in a tool's name, and no id of ours has an underscore. */
export const nameOf = (id: string): string => id.replace('.', '_')
export const idOf = (name: string): string => name.replace('_', '.')

/** What a person or model gave as it is: no part of it is read as an expression of the plan. */
export function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('${{') ? `\${{ ${JSON.stringify(value)} }}` : value
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, literal(part)]))
}
