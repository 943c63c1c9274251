import { ChevronRight } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Icon } from '../../components/icon.tsx'
import { cn } from '../../lib/cn.ts'
import type { Console } from '../../lib/console.ts'
import { count } from '../../lib/format.ts'

/** What commands of this run write while they run, newest at the bottom. */
export function LiveOutput({ console, running }: { console: Console; running: boolean }) {
  const scroll = useRef<HTMLPreElement>(null)
  const held = useRef(false)
  const { lines, dropped } = console
  useEffect(() => {
    if (!held.current && scroll.current) scroll.current.scrollTop = scroll.current.scrollHeight
  }, [lines])
  if (lines.length === 0) return null
  return (
    <details open={running} className="group shrink-0 border-b border-line bg-surface">
      <summary className="flex cursor-pointer list-none items-center gap-1.5 px-4 py-1.5 text-12 text-ink-faint hover:text-ink phone:px-3">
        <Icon of={ChevronRight} size={12} className="group-open:rotate-90" />
        Output, {count(lines.length + dropped, 'line')}
      </summary>
      <pre
        ref={scroll}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Output"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          void (held.current = scrollHeight - scrollTop - clientHeight > 32)
        }
        className="mono max-h-64 overflow-auto whitespace-pre-wrap break-all border-t border-line bg-sunken px-4 py-2 text-12 phone:max-h-48 phone:px-3"
      >
        {dropped > 0 ? (
          <span className="text-ink-faint">
            {count(dropped, 'earlier line')} not shown{'\n'}
          </span>
        ) : null}
        {lines.map((line, index) => (
          <span key={dropped + index} className={cn(line.stream === 'error' && 'text-remove')}>
            {line.text}
          </span>
        ))}
      </pre>
    </details>
  )
}
