import { expect, test } from 'vitest'
import type { Preview } from '@life-os/contract'
import { runRow } from '../store/testing.ts'
import { eachDatabase } from '../testing/index.ts'
import { createPreviews } from './previews.ts'

const preview = (run: string, hash: string): Preview => ({
  run,
  summary: {
    totals: { changes: 0, files: 0, folders: 0, bytes: 0, clashes: 0, requests: 0, commands: 0, final: 0, unknown: 0, conflicts: 0 },
    hash,
    warnings: [],
    needs: [],
    steps: { known: 0, unknown: 0, failed: 0, reads: 0 },
    budget: { enough: true },
    labels: [],
  },
  changes: [],
  steps: [],
})

eachDatabase((open) => {
  test('steps that ask at once each get a revision of their own', async () => {
    await using fresh = await open()
    const { store } = fresh
    await store.db
      .insertInto('runs')
      .values([runRow('one'), runRow('two')])
      .execute()
    const previews = createPreviews(store)
    const saved = await Promise.all(['a', 'b', 'c', 'd'].map((hash, index) => previews.save(preview(index === 3 ? 'two' : 'one', hash), 1)))
    expect(saved).toEqual([1, 2, 3, 1])
    expect((await previews.load('one', 2)).summary.hash).toBe('b')
    expect((await previews.latest('one'))?.preview.summary.hash).toBe('c')
  })
})
