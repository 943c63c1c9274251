import type { Thread, ThreadMessage } from '@life-os/contract'

export interface Messages {
  items: ThreadMessage[]
  more: boolean
}
export interface Sent {
  thread: Thread
  message: ThreadMessage
  answer: ThreadMessage
}

const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'stopped'])
export const isActive = (message: ThreadMessage): boolean => message.state !== null && !OVER.has(message.state)

/** Puts a message as it stands now in its place. */
export function placeMessage(messages: Messages | undefined, message: ThreadMessage): Messages | undefined {
  if (!messages?.items.some((each) => each.id === message.id)) return messages
  return { ...messages, items: messages.items.map((each) => (each.id === message.id ? message : each)) }
}

/** Puts a page in front of what followed it. */
export function placeEarlier(messages: Messages, earlier: Messages): Messages {
  const there = new Set(messages.items.map(({ id }) => id))
  return { items: [...earlier.items.filter(({ id }) => !there.has(id)), ...messages.items], more: earlier.more }
}

/** What was sent is on the page before the list is asked for again: behind its parent, instead of what followed there. */
export function placeSent(messages: Messages | undefined, { message, answer }: Pick<Sent, 'message' | 'answer'>): Messages {
  const items = messages?.items ?? []
  const at = message.parent === null ? -1 : items.findIndex((each) => each.id === message.parent)
  const kept = at < 0 ? (message.parent === null ? [] : items) : items.slice(0, at + 1)
  return {
    items: [...kept.filter((each) => each.id !== message.id && each.id !== answer.id), message, answer],
    more: messages?.more ?? false,
  }
}
