import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { freshDatabase, POSTGRES_MISSING } from '../../../../tools/services/fresh.ts'
import { openStore } from '../store/index.ts'
import type { Store } from '../store/index.ts'

export interface FreshStore extends AsyncDisposable {
  store: Store
  home: string
  url: string | undefined
}

/** A new folder under the system's temporary one, gone when disposed. */
export function temporaryFolder(prefix = 'lifeos-test-'): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), prefix))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs a suite for modules above the store on both databases; `open` gives a new, empty one. */
export function eachDatabase(suite: (open: () => Promise<FreshStore>) => void): void {
  for (const name of ['sqlite', 'postgres'] as const) {
    const missing = name === 'postgres' ? process.env[POSTGRES_MISSING] : undefined
    describe.skipIf(missing)(missing ? `${name} (${missing})` : name, () => suite(() => openFresh(name)))
  }
}

async function openFresh(name: 'sqlite' | 'postgres'): Promise<FreshStore> {
  const folder = temporaryFolder()
  const database = name === 'postgres' ? await freshDatabase() : undefined
  const store = await openStore({ home: folder.path, url: database?.url })
  return {
    store,
    home: folder.path,
    url: database?.url,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database?.[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}
