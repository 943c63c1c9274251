import type { Plan } from '@life-os/contract'

/** A plan without its version, as text that is equal exactly when the plans do the same. */
export function contentOf(plan: Plan): string {
  const { version: _version, ...content } = plan
  return JSON.stringify(sorted(content))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}

/** Negative when `left` is the older of two versions of three numbers. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [numbers(left), numbers(right)]
  const index = a.findIndex((part, place) => part !== b[place])
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}
const numbers = (version: string): number[] => version.split('.').map(Number)

/**
 * The version of a changed plan: the one it names when that is newer than every stored one; otherwise the next major when
 * a caller of the old one could break (an input went, changed its type or is newly required; an output went), the next
 * minor when its inputs or outputs grew, else the next patch.
 */
export function nextVersion(before: Plan, after: Plan, newest: string): string {
  if (compareVersions(after.version, newest) > 0) return after.version
  const [major = 0, minor = 0, patch = 0] = numbers(newest)
  if (breaks(before, after)) return `${major + 1}.0.0`
  return grows(before, after) ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

function breaks(before: Plan, after: Plan): boolean {
  const needed = (input: Plan['inputs'][string]) => !input.optional && input.default === undefined
  const lost = Object.entries(before.inputs).some(([name, input]) => {
    const now = after.inputs[name]
    return !now || now.type !== input.type || (needed(now) && !needed(input))
  })
  const asked = Object.entries(after.inputs).some(([name, input]) => !before.inputs[name] && needed(input))
  return lost || asked || Object.keys(before.outputs).some((name) => !(name in after.outputs))
}
const grows = (before: Plan, after: Plan): boolean =>
  Object.keys(after.inputs).some((name) => !before.inputs[name]) || Object.keys(after.outputs).some((name) => !(name in before.outputs))
