import { milliseconds } from '@life-os/contract'

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']
const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  byte: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
}
const TIMES: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
  hour: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  week: 604_800_000,
}

/** A number with what it counts: `5`, `five`, `2.5 hours`, `10MB`. Null where the text says something else beside. */
function quantity(text: string): { amount: number; unit: string } | null {
  const found = /^(?:(?:about|around|only|just)\s+)?([\d.,_]+|[a-z]+)\s*([a-z%]*)$/i.exec(text.trim())
  if (!found) return null
  const [, figure = '', unit = ''] = found
  const word = NUMBERS.indexOf(figure.toLowerCase())
  const amount = word >= 0 ? word : figureOf(figure)
  return amount === null ? null : { amount, unit: unit.toLowerCase() }
}

function figureOf(text: string): number | null {
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return Number(text.replaceAll(',', ''))
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null
}

const singular = (unit: string): string => (unit.length > 3 ? unit.replace(/s$/, '') : unit)

/** A number for an input. Its name and title tell what it counts, so that `2 hours` for minutes is 120 and `10 MB` for bytes ten million. */
export function readNumber(text: string, about: string): number | null {
  const found = quantity(text)
  if (!found) return null
  const unit = singular(found.unit)
  if (unit === '') return found.amount
  const wanted: readonly string[] = about.toLowerCase().match(/[a-z]+/g) ?? []
  if (wanted.includes(unit) || wanted.includes(found.unit)) return found.amount
  const bytes = BYTES[unit]
  if (bytes !== undefined && (wanted.includes('bytes') || wanted.includes('byte'))) return Math.round(found.amount * bytes)
  const time = TIMES[unit]
  const into = wanted.map((word) => (word.length > 3 ? TIMES[singular(word)] : undefined)).find((one) => one !== undefined)
  if (time !== undefined && into !== undefined) return (found.amount * time) / into
  return ['item', 'time', 'thing', 'file', 'entry', 'result'].includes(unit) ? found.amount : null
}

/** `10 minutes`, `half an hour` or `90s` as a duration such as plans write it. */
export function readDuration(text: string): string | null {
  const plain = text.trim().toLowerCase()
  if (!Number.isNaN(milliseconds(plain))) return plain
  if (/^half an hour$/.test(plain)) return '30m'
  const found = quantity(plain.replace(/^an?\s/, 'one '))
  const time = found && TIMES[singular(found.unit)]
  if (!found || time === null || time === undefined) return null
  const whole = Math.round(found.amount * time)
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const)
    if (whole > 0 && whole % size === 0) return `${whole / size}${unit}`
  return `${whole}ms`
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAY = 86_400_000

/** A day as YYYY-MM-DD. A text such as 03/04/2026, which people read in two ways, is none. */
export function readDate(text: string, now: number): string | null {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^(on|the|since|before|after)\s+/, '')
  const near = ['yesterday', 'today', 'tomorrow'].indexOf(plain)
  if (near >= 0) return localDay(now + (near - 1) * DAY)
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(plain)
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const dots = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(plain)
  if (dots) return valid(Number(dots[3]), Number(dots[2]), Number(dots[1]))
  const words = /^(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([a-z]{3,9})\.?,?\s+(\d{4})$/.exec(plain)
  if (words) return valid(Number(words[3]), monthOf(words[2]), Number(words[1]))
  const american = /^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/.exec(plain)
  return american ? valid(Number(american[3]), monthOf(american[1]), Number(american[2])) : null
}

const monthOf = (word: string | undefined): number => MONTHS.indexOf((word ?? '').slice(0, 3)) + 1

function valid(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return month > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? text : null
}

/** The day as the clock on this machine's wall shows it. */
function localDay(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
}
