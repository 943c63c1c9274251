import type { Agent } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { agentOf, draftOf, faultsOf } from './agent-draft.ts'

const agent: Agent = {
  id: 'clerk',
  name: 'Clerk',
  description: 'Files things',
  version: '1.2.0',
  instructions: 'File things.',
  tools: ['files.*', 'documents.read'],
  agents: [],
  plans: true,
  model: 'fast',
  temperature: 0.2,
  review: false,
  memory: 'thread',
  limits: { rounds: 12, parallel: 2, budget: { money: '0.10 USD', tokens: 5000 } },
  examples: [],
}

describe('an agent in the form', () => {
  test('comes out as it went in when nothing is changed', () => {
    expect(agentOf(agent, draftOf(agent))).toEqual(agent)
  })
  test('loses what was emptied, and nothing else', () => {
    expect(agentOf(agent, { ...draftOf(agent), model: '', money: '', tools: 'git.log, files.move\n\n' })).toEqual({
      ...Object.fromEntries(Object.entries(agent).filter(([name]) => name !== 'model')),
      tools: ['git.log', 'files.move'],
      limits: { rounds: 12, parallel: 2, budget: { tokens: 5000 } },
    })
  })
  test('is told what cannot be kept', () => {
    const draft = { ...draftOf(agent), name: ' ', tools: 'files', agents: 'Some One', rounds: '0', money: '10', time: 'soon' }
    expect(Object.keys(faultsOf(draft)).toSorted()).toEqual(['agents', 'money', 'name', 'rounds', 'time', 'tools'])
    expect(faultsOf(draftOf(agent))).toEqual({})
  })
})
