import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { cn } from '../../lib/cn.ts'
import type { SlashCommand } from './slash-commands.ts'

/** The commands that fit what is typed; arrows choose, Enter or Tab takes one. */
export function SlashMenu({
  commands,
  onPick,
  box,
}: {
  commands: readonly SlashCommand[]
  onPick: (command: SlashCommand) => void
  box: RefObject<HTMLTextAreaElement | null>
}) {
  const [at, setAt] = useState(0)
  const chosen = Math.min(at, commands.length - 1)
  useEffect(() => {
    const area = box.current
    if (!area) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'ArrowDown') setAt((chosen + 1) % commands.length)
      else if (event.key === 'ArrowUp') setAt((chosen + commands.length - 1) % commands.length)
      else if (event.key === 'Tab' || (event.key === 'Enter' && !event.isComposing)) {
        const command = commands[chosen]
        if (command) onPick(command)
      } else return
      event.preventDefault()
      event.stopPropagation()
    }
    area.addEventListener('keydown', onKey, { capture: true })
    return () => area.removeEventListener('keydown', onKey, { capture: true })
  }, [box, commands, chosen, onPick])
  return (
    <div
      role="listbox"
      aria-label="Commands"
      className="panel-in absolute bottom-full left-0 z-20 mb-2 max-h-72 w-80 max-w-full overflow-auto rounded-card border border-line bg-raised p-1 shadow-float"
    >
      {commands.map((command, index) => (
        <button
          key={command.word}
          type="button"
          role="option"
          aria-selected={index === chosen}
          tabIndex={-1}
          onMouseEnter={() => setAt(index)}
          onClick={() => onPick(command)}
          className={cn('flex h-8 w-full items-center gap-3 rounded-control px-2 text-left phone:h-11', index === chosen && 'bg-hover')}
        >
          <span className="mono w-20 shrink-0 text-12">/{command.word}</span>
          <span className="truncate text-ink-faint">{command.hint}</span>
        </button>
      ))}
    </div>
  )
}
