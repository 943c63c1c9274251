/** A small seeded generator (mulberry32, public domain): the same seed gives the same folder on every machine. */
export interface Random {
  /** 0 ≤ n < 1 */
  next(): number
  /** from ≤ n < to */
  integer(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  bytes(count: number): Uint8Array
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (from: number, to: number): number => from + Math.floor(next() * (to - from))
  return {
    next,
    integer,
    pick: (items) => items[integer(0, items.length)] as (typeof items)[number], // the index is below the length
    bytes: (count) => Uint8Array.from({ length: count }, () => integer(0, 256)),
  }
}
