import { z } from 'zod'

/** `private` data reaches local models only; `untrusted` data came from outside. Labels travel with values through steps. */
export const Label = z.enum(['private', 'untrusted'])
export type Label = z.infer<typeof Label>
export const Labels = z.array(Label)
export type Labels = readonly Label[]

/** Where a label came from: an address, a path, a mail, a name of an input. */
export const LabelSource = z.object({ label: Label, from: z.string() })
export type LabelSource = z.infer<typeof LabelSource>

/** A person's rule: what lies below a folder carries these labels. */
export const FolderLabel = z.object({ path: z.string(), labels: Labels, at: z.int().min(0), by: z.string() })
export type FolderLabel = z.infer<typeof FolderLabel>

/** Labels of one file that Life-OS wrote or downloaded, by path and content. */
export const FileLabel = z.object({ path: z.string(), hash: z.string(), labels: Labels, from: z.string(), at: z.int().min(0) })
export type FileLabel = z.infer<typeof FileLabel>

/** The union of label sets, sorted, without repeats. Joining is commutative, associative and idempotent. */
export function joinLabels(...sets: readonly (Labels | undefined)[]): Label[] {
  const joined = new Set<Label>()
  for (const labels of sets) for (const label of labels ?? []) joined.add(label)
  return [...joined].toSorted()
}
