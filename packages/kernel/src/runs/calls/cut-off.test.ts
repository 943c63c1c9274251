import type { Change, EffectRecord } from '@life-os/contract'
import { expect, test } from 'vitest'
import { replaying } from './cut-off.ts'

type Act = Extract<Change, { kind: 'page-act' }>
const { signal } = new AbortController()

/** Acts on a page that happened before a step was cut off, and a host that says what it was asked for. */
function after(...acts: Pick<Act, 'action' | 'target'>[]) {
  const asked: string[] = []
  const applied = acts.map((act, index) => {
    const url = 'https://example.org/'
    const change: Act = { kind: 'page-act', url, title: '', ...act, fields: [], summary: act.target, reversal: 'none' }
    return { id: String(index), change, state: 'finished' } as EffectRecord // what is looked at of one
  })
  const answers = new Map(applied.map(({ id, change }) => [id, `answer to ${change.summary}`]))
  const services = replaying({ handle: async (service) => (asked.push(service), 'made now') }, { applied, answers })
  const act = (kind: string, target?: object) => services.handle('browser.act', ['https://example.org/#page-9', { kind, target }], signal)
  return { asked, services, act }
}

test('each act is told its own answer, in the order they were made, and what comes after them is made', async () => {
  const { act, asked } = after({ action: 'click', target: 'button “Add it”' }, { action: 'click', target: 'button “Send the order”' })
  expect(await act('click', { role: 'button', name: 'add' })).toBe('answer to button “Add it”')
  expect(await act('click', { name: 'Send  the order' })).toBe('answer to button “Send the order”')
  expect(asked).toEqual([])
  expect(await act('click', { name: 'Send the order' })).toBe('made now')
})

test.each([
  ['another button', (of: ReturnType<typeof after>) => of.act('click', { name: 'Send the order' })],
  ['a key instead of a click', (of: ReturnType<typeof after>) => of.act('press')],
  [
    'a session',
    (of: ReturnType<typeof after>) => of.services.handle('browser.saveSession', ['https://example.org/#page-9', 'own'], signal),
  ],
])('an act is neither taken for another nor made again: %s', async (_, call) => {
  const given = after({ action: 'click', target: 'button “Add it”' })
  await expect(call(given)).rejects.toMatchObject({ code: 'act-differs', applied: 'unknown' })
  expect(given.asked).toEqual([])
})

test('what has no name, or is found by other means, goes by the order alone', async () => {
  const { act } = after({ action: 'click', target: 'an element' }, { action: 'press', target: 'Enter on the page' })
  expect(await act('click', { css: '#go' })).toBe('answer to an element')
  expect(await act('press')).toBe('answer to Enter on the page')
})
