import type { Plugins } from '../../plugins/types.ts'
import type { Events } from '../../events/index.ts'
import type { Store } from '../../store/index.ts'
import { createShipped, type Shipped } from './shipped.ts'
import { createStanding, type Standing } from './standing.ts'

export interface AgentBookDependencies {
  store: Pick<Store, 'db' | 'transaction' | 'audit' | 'journal'>
  plugins: Pick<Plugins, 'agents' | 'tools' | 'get'>
  events: Pick<Events, 'publish'>
  clock: { now(): number }
}

/** What the parts of the book share. */
export interface Room extends AgentBookDependencies, Standing {
  shipped(): ReadonlyMap<string, Shipped>
  /** When this process began: since then what is shipped has been there. UTC milliseconds. */
  startedAt: number
  /** Changes come one after the other, so that no two make one version. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** Writes the audit record of a change and tells of it. */
  told(rule: string, id: string, by: string, version?: string): Promise<void>
}

export function createRoom(deps: AgentBookDependencies): Room {
  const { store, events } = deps
  const shipped = createShipped(deps.plugins)
  const startedAt = deps.clock.now()
  return {
    ...deps,
    ...createStanding(store.db, shipped, startedAt),
    shipped,
    startedAt,
    inTurn: createTurns(),
    async told(rule, id, by, version) {
      const data = { agent: id, ...(version !== undefined && { version }) }
      await store.audit.append({ kind: 'setting', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })
      await events.publish('agent.changed', { agent: id })
    },
  }
}

function createTurns(): Room['inTurn'] {
  let turn: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
}
