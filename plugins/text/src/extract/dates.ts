export interface FoundDate {
  text: string
  date: string
  index: number
}

const MONTHS: Record<string, number> = {}
for (const [index, names] of [
  'january januar janvier gennaio jan',
  'february februar février febbraio feb',
  'march märz mars marzo mar mrz',
  'april avril aprile apr',
  'may mai maggio',
  'june juni juin giugno jun',
  'july juli juillet luglio jul',
  'august août agosto aug',
  'september septembre settembre sep sept',
  'october oktober octobre ottobre oct okt',
  'november novembre nov',
  'december dezember décembre dicembre dec dez',
].entries())
  for (const name of names.split(' ')) MONTHS[name] = index + 1

const NAME = Object.keys(MONTHS)
  .toSorted((one, other) => other.length - one.length)
  .join('|')
const EDGE = String.raw`(?<![\p{L}\p{N}.,/-])`
const END = String.raw`(?![\p{L}\p{N}])`

type Reader = (groups: string[], dayFirst: boolean) => { year: number; month: number; day: number }
/** Every repetition is bounded and none is nested, so that the time stays linear in the text. */
const FORMS: readonly { pattern: RegExp; read: Reader }[] = [
  {
    pattern: form(String.raw`(\d{4})-(\d{2})-(\d{2})(?=T\d{2}|${END})`),
    read: ([y, m, d]) => ({ year: num(y), month: num(m), day: num(d) }),
  },
  {
    pattern: form(String.raw`(\d{1,2})\.[ \u00a0]?(\d{1,2})\.[ \u00a0]?(\d{4}|\d{2})${END}`),
    read: ([d, m, y]) => ({ year: century(y), month: num(m), day: num(d) }),
  },
  {
    pattern: form(String.raw`(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})${END}`),
    read: ([one, two, y], dayFirst) => {
      const [day, month] = (dayFirst && num(two) <= 12) || num(one) > 12 ? [num(one), num(two)] : [num(two), num(one)]
      return { year: century(y), month, day }
    },
  },
  {
    pattern: form(String.raw`(\d{1,2})(?:\.|st|nd|rd|th|er)?[ \u00a0](?:of )?(${NAME})\.?,?[ \u00a0](\d{4})${END}`),
    read: ([d, m, y]) => ({ year: num(y), month: monthOf(m), day: num(d) }),
  },
  {
    pattern: form(String.raw`(${NAME})\.?[ \u00a0](\d{1,2})(?:st|nd|rd|th)?,?[ \u00a0](\d{4})${END}`),
    read: ([m, d, y]) => ({ year: num(y), month: monthOf(m), day: num(d) }),
  },
]

/** Dates in a text in reading order, as ISO days. English, German, French and Italian month names. Impossible days are left out. */
export function findDates(text: string, dayFirst: boolean): FoundDate[] {
  const found = FORMS.flatMap(({ pattern, read }) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const date = isoDay(read(match.slice(1), dayFirst))
      return date === null ? [] : [{ text: match[0], date, index: match.index }]
    }),
  )
  return found.toSorted((one, other) => one.index - other.index)
}

function form(body: string): RegExp {
  return new RegExp(`${EDGE}${body}`, 'giu')
}

function isoDay({ year, month, day }: { year: number; month: number; day: number }): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? date.toISOString().slice(0, 10) : null
}

const num = (text: string | undefined): number => Number(text ?? '0')
const monthOf = (name: string | undefined): number => MONTHS[(name ?? '').toLowerCase()] ?? 0
/** Two digits: 70 to 99 are the last century (POSIX uses 69). */
const century = (text: string | undefined): number => (text?.length === 2 ? num(text) + (num(text) >= 70 ? 1900 : 2000) : num(text))
