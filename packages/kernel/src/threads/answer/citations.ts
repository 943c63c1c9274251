import { Citation } from '@life-os/contract'

/** What an agent's step says that its text points to: it was verified against what its tools had read. */
export function citationsOf(output: unknown): Citation[] {
  if (typeof output !== 'object' || output === null || !('citations' in output)) return []
  const parsed = Citation.array().safeParse(output.citations)
  return parsed.success ? parsed.data : []
}
