import type { Health } from './health.ts'
import type { LiveProcess } from './process.ts'
import type { Timers } from './timers.ts'

/** The plugin's own word on how it is; what it says is shown and changes nothing. */
export interface OwnWord {
  /** That it is unwell, and why; null when it said nothing of the kind. */
  readonly unwell: string | null
  /** Asks a process now and then, in the place of the one before, as long as it is the current one. */
  follow(process: LiveProcess, isCurrent: () => boolean): void
  stop(): void
}

const ASK_EVERY = 45_000 // milliseconds, while a process runs

export function createOwnWord({ health, timers }: { health: Health; timers: Timers }): OwnWord {
  let timer: Disposable | null = null
  let unwell: string | null = null
  const stop = () => timer?.[Symbol.dispose]()

  async function look(process: LiveProcess, isCurrent: () => boolean): Promise<void> {
    const answer = await process.health()
    if (!isCurrent() || answer === null) return
    const now = answer.ok ? null : health.clean(`It says that it is unwell: ${answer.message ?? 'it did not say why'}`)
    if (now !== null && now !== unwell) health.note(now, 'warn')
    unwell = now
    timer = timers.after(ASK_EVERY, () => void look(process, isCurrent))
  }

  return {
    get unwell() {
      return unwell
    },
    follow(process, isCurrent) {
      stop()
      void look(process, isCurrent)
    },
    stop,
  }
}
