import { Link } from '@tanstack/react-router'
import { ChevronLeft, Search } from 'lucide-react'
import { Button, IconButton } from '../components/button.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { Icon } from '../components/icon.tsx'
import { Keys } from '../components/keys.tsx'
import { Segmented } from '../components/segmented.tsx'
import { cn } from '../lib/cn.ts'
import { useCrumbStore } from '../lib/crumbs.ts'
import { Mark } from './side-bar.tsx'
import { MODES, useMode } from './use-mode.ts'
import { useStop } from './use-stop.ts'

/** Where you are, the mode, and the way to everything else. */
export function TopBar({ onPalette, phone }: { onPalette: () => void; phone: boolean }) {
  const crumbs = useCrumbStore((state) => state.crumbs)
  const { mode, setMode } = useMode()
  const { stop, stopped } = useStop()
  const back = crumbs.length > 1 ? crumbs.at(-2)?.to : undefined
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line bg-canvas px-4 phone:h-12 phone:px-2">
      {back ? (
        <Link
          to={back}
          aria-label={`Back to ${crumbs.at(-2)?.label}`}
          className="-ml-1.5 flex size-7 items-center justify-center rounded-control text-ink-faint hover:bg-hover hover:text-ink phone:ml-0 phone:size-11"
        >
          <Icon of={ChevronLeft} />
        </Link>
      ) : phone ? (
        <span className="flex size-9 items-center justify-center">
          <Mark />
        </span>
      ) : null}
      <ol aria-label="Where you are" className="flex min-w-0 flex-1 items-center gap-1.5">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1
          return (
            <li key={index} className={cn('flex items-center gap-1.5', last ? 'min-w-0' : 'shrink-0 phone:hidden')}>
              {crumb.to && !last ? (
                <Link to={crumb.to} className="text-ink-faint hover:text-ink">
                  {crumb.label}
                </Link>
              ) : (
                <span aria-current={last ? 'page' : undefined} className="truncate font-medium">
                  {crumb.label}
                </span>
              )}
              {last ? null : (
                <span aria-hidden className="text-ghost">
                  /
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {phone ? (
        <>
          <IconButton icon={Search} label="Find anything" onClick={onPalette} />
          <IconButton icon={GLYPH.stop} label="Emergency stop" disabled={stopped} onClick={stop} className="text-final" />
        </>
      ) : (
        <>
          <Segmented label="Mode" value={mode} options={MODES} onChange={setMode} />
          <Button onClick={onPalette} icon={Search} className="text-ink-faint">
            <span className="narrow:sr-only">
              Find<span className="sr-only"> anything</span>
            </span>
            <Keys shortcut="mod+k" className="ml-4 narrow:ml-0" />
          </Button>
        </>
      )}
    </header>
  )
}
