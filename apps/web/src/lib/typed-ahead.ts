/** Letters that are typed while a field is still being opened: they belong to it, and are no shortcuts. */
export interface TypedAhead extends Disposable {
  /** All that was typed until now; from here on keys go where they belong. */
  take(): string
}

/** Holds the keyboard until `take` or disposal. Enter is dropped, for nothing is seen yet that it could mean; `onLeave`: Escape. */
export function typedAhead(onLeave: () => void): TypedAhead {
  let text = ''
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Backspace') text = text.slice(0, -1)
    else if ([...event.key].length === 1) text += event.key
    else if (event.key === 'Escape') {
      held[Symbol.dispose]()
      onLeave()
    }
  }
  const held: TypedAhead = {
    take() {
      held[Symbol.dispose]()
      return text
    },
    [Symbol.dispose]: () => window.removeEventListener('keydown', onKey, true),
  }
  window.addEventListener('keydown', onKey, true)
  return held
}
