import { describe, expect, it } from 'vitest'
import { forEachStore } from '../store/testing.ts'
import { anthropicServer, ollamaServer, openaiServer } from './testing/index.ts'
import { call, modelsOver, saying, withCloud } from './testing/over-store.ts'

forEachStore((_name, open) => {
  describe('providers', () => {
    it('are found on this machine and usable at once, and a person may take one over', async () => {
      await using opened = await open()
      await using ollama = await ollamaServer({ models: ['small'], answer: 'Found.' })
      await using studio = await openaiServer({ models: ['other'] })
      await using fixture = modelsOver(opened.store, { places: { ollama: ollama.url, lmStudio: studio.url } })
      expect((await fixture.models.providers(false)).map(({ id, detected, state }) => ({ id, detected, state }))).toEqual([
        { id: 'ollama', detected: true, state: 'ready' },
        { id: 'lm-studio', detected: true, state: 'ready' },
      ])
      expect(await fixture.models.generate(saying('Hello'), call())).toMatchObject({ model: 'ollama/small', local: true, micros: 0 })
      await expect(fixture.models.removeProvider('ollama', 'ada')).rejects.toMatchObject({ code: 'provider-found' })
      await fixture.models.setProvider({ id: 'ollama', kind: 'ollama', name: 'Mine', url: ollama.url, enabled: false }, 'ada')
      expect((await fixture.models.providers(false)).find(({ id }) => id === 'ollama')).toMatchObject({
        detected: false,
        state: 'disabled',
      })
      expect((await fixture.models.list(false)).map(({ ref }) => ref)).toEqual(['lm-studio/other'])
    })

    it('that nobody can reach say so, and how to go on without any', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, { places: { ollama: 'http://127.0.0.1:9', lmStudio: null } })
      expect(await fixture.models.providers(true)).toEqual([])
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({
        code: 'model-none',
        message: expect.stringContaining('lifeos models') as string,
      })
    })

    it('that refuse the key are told with what mends it', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store, { keys: { cloud: 'wrong' } })
      await using _server = await withCloud(fixture, {})
      expect(await fixture.models.providers(true)).toMatchObject([{ id: 'cloud', state: 'refused' }])
      await expect(fixture.models.generate(saying('Hello'), call())).rejects.toMatchObject({ code: 'model-resting' })
    })

    it('keep no password in their address and send no key in the clear', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store)
      const config = { id: 'mine', kind: 'openai-compatible' as const, name: 'Mine', enabled: true }
      for (const part of [{ url: 'https://me:secret@models.example/v1' }, { url: 'http://models.example/v1', secret: 'key' }, {}])
        await expect(fixture.models.setProvider({ ...config, ...part }, 'ada')).rejects.toMatchObject({ code: 'provider-invalid' })
    })

    it('are forgotten, and every change is told', async () => {
      await using opened = await open()
      await using fixture = modelsOver(opened.store)
      await using server = await anthropicServer({ models: ['claude-haiku-4-5'], key: '' })
      let changes = 0
      using _listening = fixture.models.onChange(() => (changes += 1))
      await fixture.add({ id: 'cloud', kind: 'anthropic', url: server.url })
      expect(changes).toBeGreaterThan(0)
      await fixture.models.removeProvider('cloud', 'ada')
      expect(await fixture.models.providers(false)).toEqual([])
      await expect(fixture.models.removeProvider('cloud', 'ada')).rejects.toMatchObject({ code: 'provider-missing' })
    })
  })

  it('settings change one by one, and only to what makes sense', async () => {
    await using opened = await open()
    await using fixture = modelsOver(opened.store)
    await fixture.models.setSettings({ aliases: { mine: ['here/small'] }, budgets: { day: 5, currency: 'USD', alerts: [1] } }, 'ada')
    expect(await fixture.models.setSettings({ prefer: 'cloud' }, 'ada')).toMatchObject({
      prefer: 'cloud',
      aliases: { mine: ['here/small'] },
      budgets: { day: 5 },
    })
    await expect(fixture.models.setSettings({ aliases: { mine: ['nonsense'] } }, 'ada')).rejects.toMatchObject({
      code: 'model-settings-invalid',
    })
    await expect(fixture.models.setSettings({ prices: { 'a/b': { input: 1, output: 1, currency: 'EUR' } } }, 'ada')).rejects.toMatchObject({
      code: 'model-settings-invalid',
    })
    await using again = modelsOver(opened.store)
    expect((await again.models.settings()).prefer).toBe('cloud')
  })
})
