import { LifeOsError, type PullState } from '@life-os/contract'
import { sizeOfAdvised } from './advice.ts'
import type { ModelsDeps } from './deps.ts'
import { modelFault } from './faults.ts'
import type { ProviderBook } from './provider-book.ts'
import type { ModelStore } from './providers/types.ts'

const REMEMBERED = 20
const ROOM_LEFT = 1_000_000_000 // bytes that stay free beside a model

export interface Pulls extends AsyncDisposable {
  start(ref: string, by: string): Promise<PullState>
  list(): PullState[]
  cancel(ref: string): void
}

/** The provider and own name in `provider/name`. Error: `model-unknown`. */
export function splitRef(ref: string): { provider: string; name: string } {
  const slash = ref.indexOf('/')
  if (slash <= 0 || slash === ref.length - 1)
    throw new LifeOsError('model-unknown', `“${ref}” names no model: write provider/name, for example ollama/qwen3:4b.`)
  return { provider: ref.slice(0, slash), name: ref.slice(slash + 1) }
}

/** The store of models behind a provider. Errors: `provider-missing`, `model-store-missing`. */
export async function storeFor(book: ProviderBook, provider: string): Promise<ModelStore> {
  const entry = (await book.entries()).find(({ config }) => config.id === provider)
  if (!entry) throw new LifeOsError('provider-missing', `There is no provider “${provider}” now. “lifeos models providers” shows them.`)
  if (!entry.client.store)
    throw new LifeOsError('model-store-missing', `${entry.config.name} keeps its models itself; add and remove them there.`)
  return entry.client.store
}

/** Models on their way to this machine. Kept in memory alone: a restart ends a pull, and pulling again goes on where it was, which Ollama keeps. */
export function createPulls(deps: ModelsDeps, book: ProviderBook, onChange: (data: Record<string, unknown>) => void): Pulls {
  const { clock, store } = deps
  const states = new Map<string, PullState>()
  const running = new Map<string, { controller: AbortController; done: Promise<void> }>()
  const become = (ref: string, fields: Partial<PullState>): PullState => {
    const next: PullState = { ref, state: 'pulling', done: 0, of: null, message: '', ...states.get(ref), ...fields, at: clock.now() }
    states.delete(ref)
    states.set(ref, next)
    for (const old of states.keys()) if (states.size > REMEMBERED && !running.has(old)) states.delete(old)
    return next
  }
  const checkRoom = async (size: number | null): Promise<void> => {
    const free = size === null ? null : ((await deps.room?.()) ?? null)
    if (size === null || free === null || free >= size + ROOM_LEFT) return
    throw new LifeOsError(
      'model-no-room',
      `It takes ${gigabytes(size)} and ${gigabytes(free)} are free on the disk. Free some space, or choose a smaller model.`,
      {
        applied: 'no',
      },
    )
  }
  const pull = async (ref: string, name: string, from: ModelStore, controller: AbortController): Promise<void> => {
    const { signal } = controller
    let checked = false
    let lacking: unknown
    try {
      const onProgress = ({ message, done, of }: { message: string; done: number; of: number | null }): void => {
        become(ref, { message, done, of })
        if (checked || of === null) return
        checked = true
        checkRoom(of - done).catch((error: unknown) => {
          lacking = error
          controller.abort()
        })
      }
      await from.pull(name, onProgress, signal)
      become(ref, { state: 'done', message: 'It is here and can be used.' })
    } catch (error) {
      const fault = modelFault(lacking ?? error)
      if (signal.aborted && !lacking)
        become(ref, { state: 'cancelled', message: 'It was stopped. Pulling it again goes on where it stopped.' })
      else become(ref, { state: 'failed', message: fault.message })
    } finally {
      running.delete(ref)
      const { provider } = splitRef(ref)
      await (await book.entries()).find(({ config }) => config.id === provider)?.look()
      onChange({ what: 'pull', ref, state: states.get(ref)?.state })
    }
  }
  return {
    async start(ref, by) {
      const present = states.get(ref)
      if (present && running.has(ref)) return present
      const { provider, name } = splitRef(ref)
      const from = await storeFor(book, provider)
      await checkRoom(sizeOfAdvised(name))
      await store.audit.append({
        kind: 'setting',
        actor: by,
        run: null,
        step: null,
        tool: null,
        verdict: null,
        rule: 'model-pulled',
        data: { ref },
      })
      const controller = new AbortController()
      states.delete(ref)
      const state = become(ref, { message: 'It is asked for.' })
      const done = pull(ref, name, from, controller).catch((error: unknown) =>
        deps.logger.warn({ ref, error: String(error) }, 'the end of a pull was not told'),
      )
      running.set(ref, { controller, done })
      onChange({ what: 'pull', ref, state: 'pulling' })
      return state
    },
    list: () => [...states.values()].toReversed(),
    cancel(ref) {
      const found = running.get(ref)
      if (!found) throw new LifeOsError('pull-missing', `${ref} is not being pulled.`)
      found.controller.abort()
    },
    async [Symbol.asyncDispose]() {
      const open = [...running.values()]
      for (const { controller } of open) controller.abort()
      await Promise.all(open.map(({ done }) => done))
    },
  }
}
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
