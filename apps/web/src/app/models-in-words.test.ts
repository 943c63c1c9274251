import type { Provider } from '@life-os/contract'
import { expect, test } from 'vitest'
import { modelsInWords } from './models-in-words.ts'

const provider = (fields: Partial<Provider>): Provider => ({
  id: 'ollama',
  kind: 'ollama',
  name: 'Ollama',
  enabled: true,
  local: true,
  state: 'ready',
  reason: null,
  detected: true,
  models: 3,
  checkedAt: null,
  ...fields,
})

test.each([
  ['nothing is there', [], 'no model', false],
  ['a server without a model', [provider({ models: 0 })], 'no model', false],
  ['one on this machine', [provider({}), provider({ id: 'openai', local: false })], 'local models ok', false],
  ['one in the cloud alone', [provider({ id: 'openai', local: false })], 'cloud models ok', false],
  ['one was switched off', [provider({}), provider({ enabled: false, state: 'disabled' })], 'local models ok', false],
  ['one is amiss beside one that serves', [provider({}), provider({ name: 'Far', state: 'refused' })], 'Far refuses its key', true],
  ['two are amiss', [provider({ state: 'unreachable' }), provider({ state: 'resting' })], '2 providers of models fail', true],
])('%s', (_, providers, words, amiss) => expect(modelsInWords(providers)).toEqual({ words, amiss }))
