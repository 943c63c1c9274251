import type { MissingInput, PlanInput } from '@life-os/contract'

/** What to ask a person for an input, and why it is asked where something was said. */
export function askFor(name: string, input: PlanInput, why?: string, near?: string): MissingInput {
  const title = input.title ?? name
  const question = `${title}?${hint(input)}${input.help === undefined ? '' : ` ${input.help}`}`
  if (near !== undefined && why !== undefined) return { name, question: why, input, near }
  return { name, question: why === undefined ? question : `${why} ${question}`, input }
}

function hint(input: PlanInput): string {
  switch (input.type) {
    case 'path':
      return ' Give its path, such as ~/Downloads.'
    case 'file':
      return ' Give the path of the file.'
    case 'choice':
      return ` One of ${input.choices.join(', ')}.`
    case 'date':
      return ' A day such as 2026-03-01.'
    default:
      return ''
  }
}
