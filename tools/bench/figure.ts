export type Unit = 'steps/s' | 'ms' | 'MB' | 'KB'

export interface Target {
  /** The measured value must be at least or at most this. */
  is: 'least' | 'most'
  value: number
  unit: Unit
  /** Further: at least this share of the floor. */
  ofFloor?: number
}

/** The same work without Life-OS, measured in the same run, so that the ratio holds on any machine. */
export interface Floor {
  what: string
  value: number
}

export interface Measured {
  value: number
  floor?: Floor
  /** What was done, how often, and what else was seen. */
  note: string
}

/** One figure of the table. Its load is bounded in count and time and leaves nothing behind. */
export interface Figure {
  name: string
  title: string
  target: Target | null
  /** Absent: what it would measure is not built yet. */
  measure?(): Promise<Measured>
  /** Why the target is missed, as far as it is known; shown only when it is. */
  why?: string
}

export interface Result {
  name: string
  title: string
  target: Target | null
  measured: Measured | null
  verdict: Verdict
  why: string | null
}

export type Verdict =
  | { kind: 'met' }
  | { kind: 'missed'; by: string }
  | { kind: 'information' }
  | { kind: 'not-built' }
  | { kind: 'failed'; message: string }

export function judge(target: Target | null, measured: Measured): Verdict {
  if (!target) return { kind: 'information' }
  const { value, floor } = measured
  const misses: string[] = []
  if (target.is === 'least' ? value < target.value : value > target.value) {
    const ratio = target.is === 'least' ? value / target.value : value / target.value
    misses.push(
      target.is === 'least'
        ? `${percent(1 - ratio)} below ${shown(target.value, target.unit)}`
        : `${percent(ratio - 1)} above ${shown(target.value, target.unit)}`,
    )
  }
  if (target.ofFloor !== undefined && floor && value < floor.value * target.ofFloor)
    misses.push(
      `${percent(1 - value / (floor.value * target.ofFloor))} below ${target.ofFloor === 1 ? 'the floor' : `${target.ofFloor} of the floor`}`,
    )
  return misses.length === 0 ? { kind: 'met' } : { kind: 'missed', by: misses.join(', ') }
}

export function shown(value: number, unit: Unit): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toLocaleString('en-GB', { maximumFractionDigits: digits })} ${unit}`
}

export function targetText(target: Target | null): string {
  if (!target) return '—'
  const limit = target.value > 0 ? `${target.is === 'least' ? '≥' : '≤'} ${shown(target.value, target.unit)}` : ''
  const share = target.ofFloor === undefined ? '' : `≥ ${target.ofFloor === 1 ? '' : `${target.ofFloor} of `}the floor`
  return [limit, share].filter(Boolean).join(', ')
}

const percent = (part: number): string => `${Math.round(part * 100)} %`
