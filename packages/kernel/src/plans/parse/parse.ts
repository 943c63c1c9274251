import { Plan, type PlanFault } from '@life-os/contract'
import type { ParsedPlan } from '../types.ts'
import { faultsOf } from './issues.ts'
import { MOST_BYTES, MOST_DEPTH, MOST_NODES } from './limits.ts'
import { readSource, unsafeNumber, type Source } from './source.ts'

/** See {@link Plans.parsePlan} in types.ts. */
export function parsePlan(source: string | unknown): ParsedPlan {
  const read = typeof source === 'string' ? readText(source) : readData(source)
  if (read.faults.length > 0) return { ok: false, faults: read.faults }
  const parsed = Plan.safeParse(read.data)
  if (parsed.success) return { ok: true, plan: parsed.data, positions: read.positions }
  const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, read.data, read.positions))
  return { ok: false, faults: faults.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)) }
}

const refused = (code: string, message: string): Source => ({
  data: undefined,
  positions: new Map(),
  faults: [{ code, message, path: '' }],
})

function readText(text: string): Source {
  if (Buffer.byteLength(text) > MOST_BYTES)
    return refused('plan-explodes', 'This plan is refused: its text is larger than 2 MB. Split it into sub-plans.')
  if (text.trim() === '') return refused('plan-invalid', 'The plan is empty: write a map with id, name and steps.')
  return readSource(text)
}

/** Data as it is, once it is seen to be finite: no cycle, no endless nesting, no key that changes what an object is. */
function readData(data: unknown): Source {
  const faults: PlanFault[] = []
  const explode = (reason: string, path: string): void => {
    faults.push({ code: 'plan-explodes', message: `This plan is refused: ${reason}. Write it flatter or split it into sub-plans.`, path })
  }
  let nodes = 0
  const stack: { value: unknown; path: string; depth: number }[] = [{ value: data, path: '', depth: 0 }]
  for (let next = stack.pop(); next && faults.length === 0; next = stack.pop()) {
    const { value, path, depth } = next
    nodes += 1
    if (nodes > MOST_NODES) explode('it has too many parts', path)
    else if (depth > MOST_DEPTH) explode('it is nested too deeply, or contains itself', path)
    else if (typeof value === 'object' && value !== null) {
      if (!Array.isArray(value) && Object.hasOwn(value, '__proto__'))
        faults.push({ code: 'key-forbidden', message: 'A plan has no key `__proto__`: remove it.', path })
      for (const [key, item] of Object.entries(value))
        stack.push({ value: item, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    } else if (typeof value === 'number') {
      const unsafe = unsafeNumber(value)
      if (unsafe) faults.push({ code: 'number-unsafe', message: unsafe, path })
    } else if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol')
      faults.push({
        code: 'field-invalid',
        message: 'A plan holds JSON values only: text, numbers, true, false, null, lists and maps.',
        path,
      })
  }
  return { data, positions: new Map(), faults }
}
