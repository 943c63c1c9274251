import { Model } from '@life-os/contract'
import { expect, test } from 'vitest'
import { findModels } from './model-words.ts'

const model = (ref: string, local = false): Model =>
  Model.parse({
    ref,
    provider: ref.slice(0, ref.indexOf('/')),
    name: ref.slice(ref.indexOf('/') + 1),
    title: ref.slice(ref.indexOf('/') + 1),
    local,
    capabilities: ['text'],
    context: null,
    size: null,
    memory: null,
    parameters: null,
    price: null,
    qualification: null,
  })
const MODELS = [model('openai/gpt-5'), model('ollama/qwen3:8b', true), model('openai/gpt-5-mini'), model('ollama/llava:7b', true)]
const refs = (words: string, most = 100) =>
  findModels(MODELS, words, most).groups.map(({ provider, models }) => [provider, ...models.map(({ name }) => name)])

test('models stand by their provider, those of this machine first', () => {
  expect(refs('')).toEqual([
    ['ollama', 'qwen3:8b', 'llava:7b'],
    ['openai', 'gpt-5', 'gpt-5-mini'],
  ])
})

test('every word must be there, in any order, of the provider too', () => {
  expect(refs('MINI open')).toEqual([['openai', 'gpt-5-mini']])
  expect(refs('ollama gpt')).toEqual([])
})

test('no more than asked for, and how many are left out', () => {
  expect(refs('', 3)).toEqual([
    ['ollama', 'qwen3:8b', 'llava:7b'],
    ['openai', 'gpt-5'],
  ])
  expect(findModels(MODELS, '', 3).left).toBe(1)
})
