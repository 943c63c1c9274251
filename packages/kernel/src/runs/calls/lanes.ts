import type { Lane } from '@life-os/contract'

/** How many calls may be in flight per lane on one machine. */
export type Capacity = Record<Lane, number>
export const DEFAULT_CAPACITY: Capacity = { cpu: 4, io: 32, llm: 2, gpu: 1, browser: 2 }

interface Waiter {
  run: string
  priority: number
  order: number
  start(): void
}

/** Hands out places per lane: higher priority first, then the run that holds the fewest, then who came first. */
export interface Lanes {
  /** Resolves with the release; rejects when the signal aborts first. */
  acquire(lane: Lane, run: string, priority: number, signal: AbortSignal): Promise<() => void>
}

export function createLanes(capacity: Capacity = DEFAULT_CAPACITY): Lanes {
  const lanes = new Map<Lane, LaneQueue>()
  return {
    acquire(lane, run, priority, signal) {
      let queue = lanes.get(lane)
      if (!queue) lanes.set(lane, (queue = createLane(capacity[lane])))
      return queue.acquire(run, priority, signal)
    },
  }
}

interface LaneQueue {
  acquire(run: string, priority: number, signal: AbortSignal): Promise<() => void>
}

function createLane(capacity: number): LaneQueue {
  const held = new Map<string, number>()
  const waiting: Waiter[] = []
  let used = 0
  let order = 0
  const take = (run: string): (() => void) => {
    used += 1
    held.set(run, (held.get(run) ?? 0) + 1)
    let released = false
    return () => {
      if (released) return
      released = true
      used -= 1
      const left = (held.get(run) ?? 1) - 1
      if (left === 0) held.delete(run)
      else held.set(run, left)
      next()
    }
  }
  const next = (): void => {
    if (used >= capacity || waiting.length === 0) return
    let best = 0
    for (let index = 1; index < waiting.length; index += 1) if (before(waiting[index], waiting[best], held)) best = index
    waiting.splice(best, 1)[0]?.start()
  }
  return {
    acquire(run, priority, signal) {
      if (signal.aborted) return Promise.reject(signal.reason)
      if (used < capacity && waiting.length === 0) return Promise.resolve(take(run))
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          const at = waiting.indexOf(waiter)
          if (at >= 0) waiting.splice(at, 1)
          reject(signal.reason)
        }
        const start = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(take(run))
        }
        const waiter: Waiter = { run, priority, order: order++, start }
        waiting.push(waiter)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}

function before(a: Waiter | undefined, b: Waiter | undefined, held: Map<string, number>): boolean {
  if (!a || !b) return false
  if (a.priority !== b.priority) return a.priority > b.priority
  const holdsA = held.get(a.run) ?? 0
  const holdsB = held.get(b.run) ?? 0
  return holdsA === holdsB ? a.order < b.order : holdsA < holdsB
}
