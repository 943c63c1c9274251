export type Scalar = string | number | boolean | null
export interface Claim {
  value: Scalar
  quotation: string | null
}
export interface Checked extends Claim {
  /** Why the value was not believed. */
  note?: string
}

const flat = (text: string): string => text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase()

/** Whether quotations stand in a text; spaces, line ends, capitals and forms of characters do not count. */
export function quotesIn(text: string): (quotation: string) => boolean {
  const haystack = flat(text)
  return (quotation) => flat(quotation) !== '' && haystack.includes(flat(quotation))
}

/** A value stays only with a quotation that stands in the text, and a number only where the quotation says it. */
export function checked({ value, quotation }: Claim, stands: (quotation: string) => boolean): Checked {
  const without = (note: string): Checked => ({ value: null, quotation: null, note })
  if (value === null) return { value: null, quotation: null }
  if (quotation === null || quotation.trim() === '') return without('the model named no place for it')
  if (!stands(quotation)) return without('its quotation does not stand in the text')
  if (typeof value === 'number' && !numbersIn(quotation).has(Math.abs(value))) return without('its quotation does not say this number')
  return { value, quotation }
}

/** Every number that a text may mean: 1.290,50 and 1,290.50 and 1’290.50 are one. */
function numbersIn(text: string): Set<number> {
  const found = new Set<number>()
  for (const [written] of text.matchAll(/\d(?:[\d.,'’\u00a0\u202f ]*\d)?/g)) {
    for (const piece of [written, ...written.split(' ')]) for (const plain of readings(piece)) found.add(Number(plain))
  }
  return found
}

/** With the last point or comma as the decimal sign, and with none. */
function readings(written: string): string[] {
  const digits = (part: string): string => part.replaceAll(/\D/g, '')
  const last = Math.max(written.lastIndexOf('.'), written.lastIndexOf(','))
  const whole = digits(written)
  return last < 0 ? [whole] : [whole, `${digits(written.slice(0, last))}.${digits(written.slice(last + 1))}`]
}
