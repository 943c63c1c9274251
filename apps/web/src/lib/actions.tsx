import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { isTyping, matchesPress } from './keyboard.ts'

/** One thing a person can do: the same object drives its button, its menu entry, its shortcut and the palette. */
export interface Action {
  id: string
  name: string
  group: string
  perform: () => void | Promise<void>
  icon?: LucideIcon
  shortcut?: string
  /** More keys that do the same. */
  aliases?: readonly string[]
  /** Absent or true: it can be done now. */
  when?: boolean
  keywords?: string
  /** Marks what stops or removes something. */
  grave?: boolean
}

export interface ActionRegistry {
  add: (read: () => readonly Action[]) => Disposable
  list: () => Action[]
  subscribe: (listener: () => void) => () => void
  version: () => number
  changed: () => void
}

export function createActionRegistry(): ActionRegistry {
  const sources = new Set<() => readonly Action[]>()
  const listeners = new Set<() => void>()
  let version = 0
  const changed = (): void => {
    version++
    for (const listener of listeners) listener()
  }
  return {
    add(read) {
      sources.add(read)
      changed()
      return {
        [Symbol.dispose]() {
          sources.delete(read)
          changed()
        },
      }
    },
    // A page's actions come before the shell's and win the same shortcut.
    list: () =>
      [...sources]
        .toReversed()
        .flatMap((read) => read())
        .filter((action) => action.when !== false),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
    changed,
  }
}

export const actions = createActionRegistry()

/** Offers actions while the component is on the page. */
export function useActions(offered: readonly Action[]): void {
  const latest = useRef(offered)
  const signature = offered.map((action) => `${action.id}:${action.name}:${action.when !== false}`).join('|')
  useEffect(() => {
    latest.current = offered
  })
  useEffect(() => {
    const added = actions.add(() => latest.current)
    return () => added[Symbol.dispose]()
  }, [signature])
}

/** Every action that can be done now. */
export function useActionList(): Action[] {
  useSyncExternalStore(actions.subscribe, actions.version)
  return actions.list()
}

const SEQUENCE_MS = 900

function fits(shortcut: string, event: KeyboardEvent, waiting: string | null, busy: boolean): boolean {
  const parts = shortcut.split(' ')
  const last = parts.at(-1) ?? ''
  if (busy && !last.includes('mod+')) return false
  if (parts.length === 2 ? waiting !== parts[0] : waiting !== null) return false
  return matchesPress(last, event)
}

/** Listens for shortcuts on the document; `g r` waits for its second key for under a second. */
export function listenForShortcuts(registry: ActionRegistry): Disposable {
  let first: { part: string; at: number } | null = null
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat) return
    const typing = isTyping(event.target)
    const inDialog =
      event.target instanceof HTMLElement &&
      event.target.closest('[role="dialog"],[role="alertdialog"],[role="menu"],[role="listbox"]') !== null
    for (const action of registry.list()) {
      const waiting = first !== null && event.timeStamp - first.at <= SEQUENCE_MS ? first.part : null
      const pressed = [action.shortcut, ...(action.aliases ?? [])].some(
        (shortcut) => shortcut !== undefined && fits(shortcut, event, waiting, typing || inDialog),
      )
      if (!pressed) continue
      event.preventDefault()
      first = null
      void action.perform()
      return
    }
    const starts = !typing && !inDialog && matchesPress('g', event)
    first = starts ? { part: 'g', at: event.timeStamp } : null
  }
  document.addEventListener('keydown', onKey)
  return { [Symbol.dispose]: () => document.removeEventListener('keydown', onKey) }
}
