import type { Proposal } from '@life-os/contract'
import type { Paint } from '../output/colour.ts'
import { printable } from '../output/colour.ts'
import { duration } from '../output/units.ts'

const BY: Readonly<Record<Proposal['source'], string>> = {
  intent: 'understood without a model',
  tool: 'one tool does it',
  model: 'written by a model',
  none: '',
}

/** A proposal for a person: what would be done, step by step, what it takes, and what else there is. */
export function proposalLines(proposal: Proposal, paint: Paint, home: string): string[] {
  const short = (text: string): string => printable(text).replaceAll(home, '~')
  const head = [`${paint('bold', short(proposal.summary))}${BY[proposal.source] === '' ? '' : paint('dim', `  ${BY[proposal.source]}`)}`]
  const notices = proposal.notices.map(({ text }) => `${paint('amber', '!')} ${short(text)}`)
  const faults = proposal.faults.map(({ message, path }) => `${paint('red', '✗')} ${short(message)} (${printable(path)})`)
  const others = proposal.alternatives.map(({ title, why }) => `  ${short(title)}  ${paint('dim', short(why))}`)
  return [
    ...head,
    ...graph(proposal, paint),
    ...(proposal.plan ? [paint('dim', estimate(proposal))] : []),
    ...notices,
    ...faults,
    ...(others.length > 0 ? [paint('dim', 'Or:'), ...others] : []),
  ]
}

/** The graph as text: steps below what they belong to, each with its tool. */
function graph({ steps }: Proposal, paint: Paint): string[] {
  return steps.map(({ path, tool, words }) => {
    const parents = steps.filter((other) => path.startsWith(`${other.path}.`)).length
    return `${'  '.repeat(parents + 1)}${paint('dim', parents > 0 ? '└' : '•')} ${printable(words)}${tool === null ? '' : paint('dim', `  ${printable(tool)}`)}`
  })
}

function estimate({ estimate: { time, tokens, micros, basis } }: Proposal): string {
  const parts = [
    time === null ? '' : `About ${duration(time)}`,
    tokens === null || tokens === 0 ? '' : `${tokens} tokens`,
    micros === null || micros === 0 ? '' : `${(micros / 1e6).toFixed(4)} of your models' currency`,
  ].filter((part) => part !== '')
  return parts.length > 0 ? `${parts.join(', ')}. ${basis}` : basis
}
