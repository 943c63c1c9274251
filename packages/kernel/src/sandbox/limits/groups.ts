import type { BoxLimits } from '../box/plan.ts'

/** One box's control groups. */
export interface Group {
  /** Files into which a process writes its number to enter. */
  readonly doors: readonly string[]
  /** Whether the kernel killed in it for want of memory. */
  ranOut(): boolean
  /** Ends what is left in it and takes it away. */
  remove(): Promise<void>
}

export interface Groups extends Disposable {
  /** Whether memory, processes and CPU are limited for a box as a whole. */
  readonly held: boolean
  make(limits: BoxLimits): Group
}

const NONE: Group = { doors: [], ranOut: () => false, remove: async () => undefined }
export const noGroups: Groups = { held: false, make: () => NONE, [Symbol.dispose]: () => undefined }
