import { Link } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { Sheet } from '../components/dialog.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { Icon } from '../components/icon.tsx'
import { Segmented } from '../components/segmented.tsx'
import type { Counts } from './attention.ts'
import { PLACES } from './places.ts'
import { badgeOf } from './side-bar.tsx'
import { MODES, useMode } from './use-mode.ts'
import { useStop } from './use-stop.ts'

const ITEM =
  'relative flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-12 font-medium text-ink-faint aria-[current=page]:text-accent-text'

/** The places of a phone; the rest, the mode and the emergency stop are behind More. */
export function BottomBar({ counts }: { counts: Counts }) {
  const [more, setMore] = useState(false)
  const { mode, setMode } = useMode()
  const { stop, stopped } = useStop()
  return (
    <nav aria-label="Places" className="flex shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]">
      {PLACES.filter((place) => place.phone).map((place) => {
        const badge = badgeOf(place, counts)
        return (
          <Link key={place.to} to={place.to} activeOptions={{ exact: place.to === '/' }} className={ITEM}>
            <Icon of={place.icon} size={20} />
            {place.name}
            {badge.value > 0 ? (
              <span className="figures absolute left-1/2 top-1.5 ml-1.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-change-soft px-1 text-12 font-semibold text-change">
                {badge.value}
                <span className="sr-only"> {badge.live ? 'running' : 'waiting'}</span>
              </span>
            ) : null}
          </Link>
        )
      })}
      <button type="button" aria-haspopup="dialog" onClick={() => setMore(true)} className={ITEM}>
        <Icon of={Ellipsis} size={20} />
        More
      </button>
      <Sheet open={more} onOpenChange={setMore} title="More">
        <div className="flex flex-col gap-4 p-4">
          <ul>
            {PLACES.filter((place) => !place.phone).map((place) => (
              <li key={place.to}>
                <Link to={place.to} onClick={() => setMore(false)} className="flex h-11 items-center gap-3 text-14 font-medium">
                  <Icon of={place.icon} size={20} className="text-ink-faint" />
                  {place.name}
                </Link>
              </li>
            ))}
          </ul>
          <div className="flex flex-col gap-1.5">
            <span className="eyebrow">Mode</span>
            <Segmented label="Mode" value={mode} options={MODES} onChange={setMode} className="w-full *:flex-1 *:justify-center" />
          </div>
          <Button large tone="grave" icon={GLYPH.stop} disabled={stopped} onClick={() => (stop(), setMore(false))}>
            Emergency stop
          </Button>
        </div>
      </Sheet>
    </nav>
  )
}
