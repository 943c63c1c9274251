export interface FoundAmount {
  text: string
  amount: string
  currency: string
  index: number
}

const SYMBOLS: Record<string, string> = {
  '€': 'EUR',
  $: 'USD',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  '₺': 'TRY',
  '₴': 'UAH',
  'fr.': 'CHF',
  'sfr.': 'CHF',
  us$: 'USD',
  a$: 'AUD',
  c$: 'CAD',
  zł: 'PLN',
  kč: 'CZK',
}
/** The currencies of ISO 4217 that people write; any three capitals would take every abbreviation for money. */
const CODES =
  'EUR|USD|CHF|GBP|JPY|CNY|INR|KRW|TRY|UAH|PLN|CZK|SEK|NOK|DKK|HUF|RON|BGN|AUD|CAD|NZD|SGD|HKD|ZAR|BRL|MXN|ILS|AED|THB|IDR|MYR|PHP'
const SIGNS = String.raw`[€£¥₹₩₺₴]|US\$|A\$|C\$|\$|S?Fr\.|zł|Kč`
const NUMBER = String.raw`\d{1,3}(?:['’. ,\u00a0\u202f]\d{3}){1,5}(?:[.,]\d{1,2})?|\d{1,15}(?:[.,]\d{1,2})?`
const GAP = String.raw`[ \u00a0\u202f]?`
const BEFORE = new RegExp(String.raw`(?<![\p{L}\p{N}])(${CODES}|${SIGNS})${GAP}([-−–]?(?:${NUMBER}))(?:\.[-–—])?(?![\p{L}\p{N}])`, 'giu')
const AFTER = new RegExp(String.raw`(?<![\p{L}\p{N}.,'’])([-−–]?(?:${NUMBER}))(?:\.[-–—])?${GAP}(${CODES}|${SIGNS})(?![\p{L}\p{N}])`, 'giu')

/** Amounts of money in reading order: a plain decimal text and the currency's ISO code. An amount needs its currency beside it. */
export function findAmounts(text: string): FoundAmount[] {
  const before = [...text.matchAll(BEFORE)].map((match) => found(match, match[2], match[1]))
  const after = [...text.matchAll(AFTER)].map((match) => found(match, match[1], match[2]))
  const spans = [...before, ...after].toSorted((one, other) => one.index - other.index || other.text.length - one.text.length)
  let end = 0
  return spans.filter((span) => {
    if (span.index < end) return false
    end = span.index + span.text.length
    return true
  })
}

function found(match: RegExpExecArray, number: string | undefined, sign: string | undefined): FoundAmount {
  const mark = (sign ?? '').toLowerCase()
  return { text: match[0], amount: decimal(number ?? '0'), currency: SYMBOLS[mark] ?? mark.toUpperCase(), index: match.index }
}

/** `1'290.50`, `1.290,50`, `1 290,5` and `1,290` as `1290.50`, `1290.50`, `1290.5`, `1290`: a last group of three digits is thousands. */
function decimal(number: string): string {
  const digits = number.replace(/[-−–]/, '').replace(/['’ \u00a0\u202f]/g, '')
  const point = /[.,](\d{1,2})$/.exec(digits)
  const whole = (point ? digits.slice(0, point.index) : digits).replace(/[.,]/g, '')
  return `${/^[-−–]/.test(number) ? '-' : ''}${whole}${point ? `.${point[1]}` : ''}`
}
