/** `mod` is ⌘ on a Mac and Ctrl elsewhere; `g r` is two keys after each other. */
export const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

const GLYPHS: Record<string, string> = { enter: '⏎', escape: 'Esc', arrowup: '↑', arrowdown: '↓', shift: '⇧', backspace: '⌫' }

/** How a shortcut is printed: one text for each key cap. */
export function keyCaps(shortcut: string): string[] {
  return shortcut.split(/[ +]/).map((key) => {
    if (key === 'mod') return isMac ? '⌘' : 'Ctrl'
    return GLYPHS[key] ?? (key.length === 1 ? key.toUpperCase() : key)
  })
}

interface Key {
  key: string
  metaKey: boolean
  ctrlKey: boolean
  shiftKey: boolean
  altKey: boolean
}

/** Whether one key press is one part (`mod+enter`, `j`, `?`) of a shortcut. */
export function matchesPress(part: string, event: Key): boolean {
  const names = part.split('+')
  const key = names.at(-1) ?? ''
  const mod = names.includes('mod')
  if (mod !== (isMac ? event.metaKey : event.ctrlKey)) return false
  if (!mod && (event.metaKey || event.ctrlKey)) return false
  if (event.altKey !== names.includes('alt')) return false
  // A sign such as `?` needs Shift on most layouts; only letters and named keys tell Shift apart.
  if (/^([a-z]|[a-z]{2,})$/.test(key) && event.shiftKey !== names.includes('shift')) return false
  return event.key.toLowerCase() === key
}

/** Keys typed into a field are text, not shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
