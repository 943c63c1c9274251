import type { AuditRecord } from '@life-os/contract'
import type { Tone } from '../../components/badge.tsx'

type Kind = AuditRecord['kind']
export const KINDS: readonly { value: Kind; label: string }[] = [
  { value: 'decision', label: 'Decisions' },
  { value: 'effect', label: 'Effects' },
  { value: 'approval', label: 'Questions and answers' },
  { value: 'grant', label: 'Permissions' },
  { value: 'run', label: 'Runs' },
  { value: 'plugin', label: 'Plugins' },
  { value: 'secret', label: 'Secrets' },
  { value: 'label', label: 'Labels' },
  { value: 'sign-in', label: 'Sign-ins' },
  { value: 'setting', label: 'Settings' },
  { value: 'stop', label: 'Emergency stop' },
  { value: 'checkpoint', label: 'Checkpoints' },
]
export const KIND_TONE: Record<Kind, Tone> = {
  decision: 'plain',
  effect: 'accent',
  approval: 'change',
  grant: 'plain',
  run: 'plain',
  'sign-in': 'plain',
  setting: 'plain',
  stop: 'final',
  checkpoint: 'plain',
  plugin: 'plain',
  secret: 'private',
  label: 'untrusted',
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
/** What a record tells about itself, most telling first. */
const TELLING = [
  'summary',
  'message',
  'permission',
  'name',
  'plugin',
  'path',
  'secret',
  'plan',
  'reason',
  'code',
  'domain',
  'version',
  'level',
]

/** What happened, in one line. The rule is told apart from it. */
export function auditWords(record: AuditRecord): string {
  const told = TELLING.map((key) => text(record.data[key])).filter((each) => each !== '')
  const about = told.slice(0, 2).join(' · ')
  switch (record.kind) {
    case 'decision':
      return [record.tool ?? '', about].filter(Boolean).join(' · ')
    case 'effect':
      return about || (record.tool ?? '')
    case 'approval':
      return record.verdict === 'ask'
        ? sentence(`asked about a ${ruleWords(record.rule ?? 'step')}`, about)
        : sentence(ruleWords(record.rule ?? ''), about)
    default:
      return sentence(ruleWords(record.rule ?? record.kind), about)
  }
}

const sentence = (what: string, about: string): string => {
  const words = (what[0] ?? '').toUpperCase() + what.slice(1)
  return about === '' ? words : `${words}: ${about}`
}

/** `run-created` reads `run created`. */
export const ruleWords = (rule: string): string => rule.replaceAll('-', ' ')

export const RANGES = [
  { value: 'hour', label: 'Last hour', ms: 3_600_000 },
  { value: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { value: 'week', label: 'Last 7 days', ms: 7 * 86_400_000 },
  { value: 'month', label: 'Last 30 days', ms: 30 * 86_400_000 },
] as const
export type Range = (typeof RANGES)[number]['value']

/** What the address holds. `from` and `until` are days, both included. */
export interface AuditSearch {
  q?: string
  kind?: string
  verdict?: string
  actor?: string
  tool?: string
  rule?: string
  run?: string
  range?: string
  from?: string
  until?: string
  record?: string
}
export interface TimeSpan {
  from?: number
  until?: number
}

/** The milliseconds a view spans. The start of a range is cut to the minute, so that it stays one question while it is looked at. */
export function spanOf(search: AuditSearch, now: number): TimeSpan {
  const range = RANGES.find((each) => each.value === search.range)
  if (range) return { from: Math.floor((now - range.ms) / 60_000) * 60_000 }
  const day = (value: string | undefined): number | undefined => {
    const at = value === undefined ? Number.NaN : new Date(`${value}T00:00:00`).getTime()
    return Number.isNaN(at) ? undefined : at
  }
  const from = day(search.from)
  const until = day(search.until)
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until: until + 86_400_000 - 1 }) }
}
