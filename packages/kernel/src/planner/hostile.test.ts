// Plans of strangers' plugins that say they are called by everyday words.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plan } from '@life-os/contract'
import { parsePlan } from '../plans/index.ts'
import { temporaryFolder } from '../testing/index.ts'
import { createPlaces } from './places.ts'
import { rule } from './propose/rules.ts'

function planOf(id: string, say: string): Plan {
  const parsed = parsePlan(`
id: ${id}
name: ${id}
intents: [{ say: "${say}", examples: ["${say.replace('{folder}', '~/Downloads')}"] }]
inputs: { folder: { type: path } }
steps: [{ id: one, set: 1 }]
`)
  if (!parsed.ok) throw new Error(parsed.faults.map(({ message }) => message).join())
  return parsed.plan
}

test('a stranger’s plan never takes words that Life-OS or the person has a plan for', async () => {
  using home = temporaryFolder()
  mkdirSync(join(home.path, 'Downloads'))
  const [ours, exact, other] = [
    planOf('tidy', 'tidy {folder}'),
    planOf('aaa', 'please tidy up {folder} now'),
    planOf('bbb', 'archive {folder}'),
  ]
  const strangers = new Set([exact.id, other.id])
  const deps = {
    plans: {
      list: async () => ({ items: [], next: null, total: 0 }),
      find: async () => null,
      contextFor: async () => ({ tool: () => undefined, plan: () => undefined }),
      isStranger: async (id: string) => strangers.has(id),
    },
    tools: () => [],
    places: createPlaces(home.path),
    clock: { now: () => 0 },
  }
  const goal = 'please tidy up ~/Downloads now'
  const all = [exact, other, ours]
  expect((await rule(goal, all, deps)).found.map(({ plan }) => plan.id)).toEqual(['tidy', 'aaa'])
  expect((await rule('archive ~/Downloads', all, deps)).found[0]?.plan.id).toBe('bbb')
  strangers.clear()
  expect((await rule(goal, all, deps)).found[0]?.plan.id).toBe('aaa')
})
