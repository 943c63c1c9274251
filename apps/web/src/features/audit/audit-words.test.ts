import type { AuditRecord } from '@life-os/contract'
import { expect, test } from 'vitest'
import { auditWords, spanOf } from './audit-words.ts'

const record = (given: Partial<AuditRecord>): AuditRecord => ({
  seq: 1,
  at: 0,
  kind: 'decision',
  actor: 'ada',
  run: null,
  step: null,
  tool: null,
  verdict: null,
  rule: null,
  data: {},
  ...given,
})

test('a record is told by what it is about, else by its rule', () => {
  expect(auditWords(record({ tool: 'files.move' }))).toBe('files.move')
  expect(auditWords(record({ kind: 'grant', rule: 'grant-added', data: { permission: 'fs.read:/a' } }))).toBe('Grant added: fs.read:/a')
  expect(auditWords(record({ kind: 'stop', rule: 'stop-lifted' }))).toBe('Stop lifted')
  expect(auditWords(record({ kind: 'approval', verdict: 'ask', rule: 'preview' }))).toBe('Asked about a preview')
  expect(auditWords(record({ kind: 'effect', tool: 'files.move', data: { summary: 'Move a to b' } }))).toBe('Move a to b')
})

test('a range ends now, days are whole and both included, and nonsense filters nothing', () => {
  const now = new Date('2026-03-04T12:00:30').getTime()
  expect(spanOf({ range: 'hour' }, now)).toEqual({ from: new Date('2026-03-04T11:00:00').getTime() })
  expect(spanOf({ from: '2026-03-01', until: '2026-03-01' }, now)).toEqual({
    from: new Date('2026-03-01T00:00:00').getTime(),
    until: new Date('2026-03-02T00:00:00').getTime() - 1,
  })
  expect(spanOf({ from: 'soon', range: 'ever' }, now)).toEqual({})
})
