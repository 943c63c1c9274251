import { LifeOsError } from '@life-os/contract'
import type { AuditRecord } from '@life-os/contract'
import { readBuilt } from '../discover.ts'
import type { FoundPlugin } from '../discover.ts'
import type { Registry } from '../registry.ts'
import type { PluginHome } from './home.ts'
import { review } from './review.ts'
import type { Install, Installs } from './rows.ts'

export interface ShelfDeps {
  home: PluginHome
  installs: Installs
  registry: Registry
  audit: { append(record: Omit<AuditRecord, 'seq' | 'at'>): Promise<void> }
}

/** What is installed, as it was last read, and how it is shown. */
export interface Shelf {
  /** Reads the rows anew. */
  read(): Promise<Install[]>
  one(id: string, state: Install['state']): Install | undefined
  ids(): Iterable<string>
  /** Error: `plugin-bundled`. */
  assertOwn(id: string): void
  load(install: Install): Promise<FoundPlugin>
  /** Shows what waits, or that nothing does. */
  show(id: string): void
  /** Removes the files that no row speaks of. */
  tidy(): Promise<void>
  /** Writes down in the audit who did what. */
  note(rule: string, by: string, data: Record<string, unknown>): Promise<void>
}

export function createShelf({ home, installs, registry, audit }: ShelfDeps): Shelf {
  const rows = new Map<string, Install[]>()
  const one = (id: string, state: Install['state']) => rows.get(id)?.find((row) => row.state === state)

  return {
    async read() {
      const all = await installs.all()
      rows.clear()
      for (const row of all) rows.set(row.id, [...(rows.get(row.id) ?? []), row])
      return all
    },
    one,
    ids: () => rows.keys(),
    assertOwn(id) {
      if (registry.entry(id)?.current?.source.kind === 'bundled')
        throw new LifeOsError('plugin-bundled', `The plugin ${id} comes with Life-OS. It can be disabled, not replaced or removed.`)
    },
    load: ({ id, digest }) =>
      readBuilt({
        build: home.build,
        folder: home.folderOf(id, digest),
        id,
        listed: digest,
        bundled: false,
        again: 'install it again from where it came',
      }),
    show(id) {
      const waiting = one(id, 'waiting')
      const accepted = one(id, 'accepted')
      const entry = registry.entry(id)
      const before = accepted && {
        manifest: accepted.manifest,
        accepted: accepted.accepted ?? [],
        tools: entry?.current?.supervisor.found.tools ?? null,
      }
      if (waiting) registry.waiting(id, review(waiting, home.folderOf(id, waiting.digest), before ?? null))
      else if (entry) entry.pending = null
    },
    tidy: () => home.tidy([...rows.values()].flat()),
    async note(rule, by, data) {
      await audit.append({ kind: 'plugin', actor: by, run: null, step: null, tool: null, verdict: null, rule, data })
    },
  }
}
