import { expect, test } from 'vitest'
import { eachDatabase } from '../testing/index.ts'
import { createSettings, DEFAULT_SETTINGS } from './settings.ts'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code,
  )

eachDatabase((open) => {
  test('defaults hold until changed, and a change outlives this object', async () => {
    await using fresh = await open()
    const settings = createSettings(fresh)
    expect(await settings.get()).toEqual(DEFAULT_SETTINGS)
    await settings.set({ undoDays: 7, theme: 'dark' })
    await settings.set({ undoDays: 8 })
    expect(await settings.get()).toEqual({ ...DEFAULT_SETTINGS, undoDays: 8, theme: 'dark' })
    expect(await createSettings(fresh).get()).toEqual({ ...DEFAULT_SETTINGS, undoDays: 8, theme: 'dark' })
  })

  test('what is unknown or out of range is refused and nothing of it is kept', async () => {
    await using fresh = await open()
    const settings = createSettings(fresh)
    expect(await codeOf(settings.set({ undoDays: 0, theme: 'dark' }))).toBe('setting-invalid')
    expect(await codeOf(settings.set({ colour: 'red' } as never))).toBe('setting-unknown') // what an untyped caller may send
    expect(await settings.get()).toEqual(DEFAULT_SETTINGS)
  })

  test('a stored value that no longer fits falls back to its default', async () => {
    await using fresh = await open()
    await fresh.store.db
      .insertInto('settings')
      .values([
        { key: 'mode', value_json: '"wild"' },
        { key: 'density', value_json: '"comfortable"' },
        { key: 'emergency-stop', value_json: 'true' },
      ])
      .execute()
    expect(await createSettings(fresh).get()).toEqual({ ...DEFAULT_SETTINGS, density: 'comfortable' })
  })
})
