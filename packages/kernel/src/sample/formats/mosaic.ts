import type { Random } from '../random.ts'

export type Colour = readonly [number, number, number]
/** A picture of flat cells, row by row. */
export interface Mosaic {
  columns: number
  rows: number
  cells: readonly Colour[]
}

const PALETTES: readonly (readonly [Colour, Colour, Colour])[] = [
  [
    [250, 214, 165],
    [222, 120, 98],
    [64, 57, 96],
  ], // evening
  [
    [190, 222, 245],
    [96, 158, 205],
    [46, 92, 70],
  ], // mountains
  [
    [236, 240, 214],
    [146, 188, 92],
    [52, 98, 60],
  ], // meadow
  [
    [244, 236, 226],
    [206, 178, 150],
    [98, 76, 64],
  ], // room
  [
    [160, 210, 220],
    [60, 140, 170],
    [238, 214, 162],
  ], // beach
]

/** A soft landscape: sky, a ridge, ground, so that thumbnails look like photos and not like noise. */
export function landscape(random: Random, columns = 20, rows = 14): Mosaic {
  const [sky, middle, ground] = random.pick(PALETTES)
  const horizon = rows * (0.45 + random.next() * 0.2)
  const phase = random.next() * 6
  const height = 1 + random.next() * 2
  const cells = Array.from({ length: columns * rows }, (_, index): Colour => {
    const x = index % columns
    const y = Math.floor(index / columns)
    const ridge = horizon - Math.sin(x / 3 + phase) * height
    if (y < ridge) return mix(sky, middle, (y / ridge) * 0.7)
    return mix(middle, ground, Math.min(1, 0.4 + (y - ridge) / rows))
  })
  return { columns, rows, cells }
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const at = (channel: 0 | 1 | 2): number => Math.round(from[channel] + (to[channel] - from[channel]) * share)
  return [at(0), at(1), at(2)]
}
