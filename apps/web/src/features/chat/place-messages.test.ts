import type { ThreadMessage } from '@life-os/contract'
import { describe, expect, test } from 'vitest'
import { placeEarlier, placeMessage, placeSent } from './place-messages.ts'

const message = (id: string, parent: string | null): ThreadMessage => ({
  id,
  thread: 't',
  parent,
  role: 'person',
  at: 1,
  text: id,
  attachments: [],
  run: null,
  agent: null,
  model: null,
  state: null,
  parts: [],
  citations: [],
  error: null,
  cost: null,
  labels: [],
  siblings: [id],
  compacted: false,
})
const ids = (messages: { items: ThreadMessage[] } | undefined): string[] => messages?.items.map(({ id }) => id) ?? []
const before = { items: [message('a', null), message('b', 'a'), message('c', 'b'), message('d', 'c')], more: false }

describe('what was sent', () => {
  test('follows the last message', () => {
    expect(ids(placeSent(before, { message: message('e', 'd'), answer: message('f', 'e') }))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })
  test('takes the place of what followed the same message: an edited one', () => {
    expect(ids(placeSent(before, { message: message('e', 'b'), answer: message('f', 'e') }))).toEqual(['a', 'b', 'e', 'f'])
  })
  test('begins anew when the first message was edited', () => {
    expect(ids(placeSent(before, { message: message('e', null), answer: message('f', 'e') }))).toEqual(['e', 'f'])
  })
  test('another answer to the same message stands below it once', () => {
    expect(ids(placeSent(before, { message: message('c', 'b'), answer: message('g', 'c') }))).toEqual(['a', 'b', 'c', 'g'])
  })
})

test('a message is put in its place, and nowhere else', () => {
  const now = { ...message('b', 'a'), text: 'new' }
  expect(placeMessage(before, now)?.items.map(({ text }) => text)).toEqual(['a', 'new', 'c', 'd'])
  expect(placeMessage(before, message('z', 'd'))).toBe(before)
})

test('an earlier page stands in front, and nothing twice', () => {
  const older = { items: [message('y', null), message('z', 'y'), message('a', 'z')], more: true }
  const all = placeEarlier(before, older)
  expect(ids(all)).toEqual(['y', 'z', 'a', 'b', 'c', 'd'])
  expect(all.more).toBe(true)
})
