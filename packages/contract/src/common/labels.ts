import { z } from 'zod'

/** `private` data reaches local models only; `untrusted` data came from outside. Labels travel with values through steps. */
export const Label = z.enum(['private', 'untrusted'])
export type Label = z.infer<typeof Label>
export const Labels = z.array(Label)
export type Labels = readonly Label[]

/** The union of label sets, sorted, without repeats. Joining is commutative, associative and idempotent. */
export function joinLabels(...sets: readonly (Labels | undefined)[]): Label[] {
  const joined = new Set<Label>()
  for (const labels of sets) for (const label of labels ?? []) joined.add(label)
  return [...joined].toSorted()
}
