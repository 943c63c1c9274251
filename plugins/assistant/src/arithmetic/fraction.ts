/** An exact number: `top / bottom`, reduced, `bottom` above zero. */
export interface Fraction {
  readonly top: bigint
  readonly bottom: bigint
}

export const ZERO: Fraction = { top: 0n, bottom: 1n }

export function fraction(top: bigint, bottom = 1n): Fraction {
  const sign = bottom < 0n ? -1n : 1n
  const common = divisor(top < 0n ? -top : top, bottom * sign) || 1n
  return { top: (top * sign) / common, bottom: (bottom * sign) / common }
}

export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)
export const negate = (a: Fraction): Fraction => ({ top: -a.top, bottom: a.bottom })
export const multiply = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom)
export const divide = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom, a.bottom * b.top)
/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export const compare = (a: Fraction, b: Fraction): number => Number(BigInt.asIntN(2, sign(a.top * b.bottom - b.top * a.bottom)))

/** A decimal number as people write it: `1234.50`. */
export function fromDecimal(text: string): Fraction {
  const [whole = '0', part = ''] = text.split('.')
  return fraction(BigInt(whole + part), 10n ** BigInt(part.length))
}

/** To so many decimals, halves away from zero. `exact`: nothing was rounded off. */
export function toDecimal(value: Fraction, decimals: number): { text: string; exact: boolean } {
  const scale = 10n ** BigInt(decimals)
  const size = value.top < 0n ? -value.top : value.top
  const scaled = size * scale
  const units = (2n * scaled + value.bottom) / (2n * value.bottom)
  const digits = units.toString().padStart(decimals + 1, '0')
  const cut = digits.length - decimals
  const part = digits.slice(cut).replace(/0+$/, '')
  const minus = value.top < 0n && units > 0n ? '-' : ''
  return { text: `${minus}${digits.slice(0, cut)}${part === '' ? '' : `.${part}`}`, exact: scaled % value.bottom === 0n }
}

const sign = (value: bigint): bigint => (value < 0n ? -1n : value > 0n ? 1n : 0n)

function divisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}
