/** Lets pieces through when a test says so: `pace` goes into an answer. */
export interface Tap {
  pace(piece: number): Promise<void>
  /** Lets so many more through. */
  release(count?: number): void
  /** Lets everything through from now on. */
  open(): void
}

export function createTap(): Tap {
  let allowed = 0
  const waiting: { piece: number; go: () => void }[] = []
  const flow = () => {
    for (const entry of waiting.splice(0)) entry.piece < allowed ? entry.go() : waiting.push(entry)
  }
  return {
    pace: (piece) =>
      new Promise((go) => {
        waiting.push({ piece, go })
        flow()
      }),
    release(count = 1) {
      allowed += count
      flow()
    },
    open() {
      allowed = Number.POSITIVE_INFINITY
      flow()
    },
  }
}
