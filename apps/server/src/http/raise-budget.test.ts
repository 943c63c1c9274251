// Allowing a stopped run more is a decision like an answer: over HTTP it asks for the scope of approvals.
import { expect, test } from 'vitest'
import { ollamaServer } from '@life-os/kernel/models/testing'
import { openServer } from '../testing/open.ts'

const PLAN = {
  id: 'talk',
  name: 'Talk',
  version: '1.0.0',
  budget: { steps: 1 },
  inputs: {},
  steps: [{ id: 'answer', agent: 'assistant', input: { say: 'What is 2 + 3?' } }],
  outputs: {},
}

test('a token that may only run cannot allow a run more; one that may approve can', async () => {
  await using model = await ollamaServer({
    models: [{ name: 'small', capabilities: ['completion', 'tools'], context: 32_768 }],
    answer: ({ messages }) =>
      messages.at(-1)?.role === 'tool' ? '5' : { calls: [{ tool: 'assistant.calculate', input: { expression: '2 + 3' } }] },
  })
  await using server = await openServer()
  await server.kernel.models.setProvider({ id: 'script', kind: 'ollama', name: 'Scripted', url: model.url, enabled: true }, 'ada')
  const post = (path: string, body: object, caller = server.owner) =>
    server.ask(`/api/v1${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }, caller)
  const started = (await (await post('/runs', { plan: PLAN })).json()) as { id: string }
  const stopped = await server.kernel.runs.settled(started.id)
  expect(stopped).toMatchObject({ state: 'stopped', error: { code: 'budget-exceeded', details: { part: 'steps', spent: 1, limit: 1 } } })
  const runner = await server.token(['read', 'run'])
  const refused = await post(`/runs/${started.id}/resume`, { budget: { steps: 50 } }, runner)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'scope-missing'])
  expect((await server.kernel.runs.get(started.id)).state).toBe('stopped')
  const wrong = await post(`/runs/${started.id}/resume`, { budget: { steps: -1 } })
  expect(wrong.status).toBe(422)
  const approver = await server.token(['read', 'run', 'approve'])
  expect((await post(`/runs/${started.id}/resume`, { budget: { steps: 50 } }, approver)).status).toBe(200)
  expect(await server.kernel.runs.settled(started.id)).toMatchObject({ state: 'done', error: null })
})
