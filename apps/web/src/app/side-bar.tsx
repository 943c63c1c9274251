import { Link } from '@tanstack/react-router'
import { PanelLeft } from 'lucide-react'
import { IconButton } from '../components/button.tsx'
import { GLYPH } from '../components/glyphs.ts'
import { Icon } from '../components/icon.tsx'
import { Tip } from '../components/tip.tsx'
import { cn } from '../lib/cn.ts'
import { usePreferences } from '../lib/preferences.ts'
import type { Counts } from './attention.ts'
import { PLACES } from './places.ts'
import type { Place } from './places.ts'
import { useStop } from './use-stop.ts'

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-5 shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path d="M9 8.5v12.200c0 1.600 1.200 2.800 2.800 2.800H23" fill="none" stroke="white" strokeWidth="3" strokeLinecap="round" />
      <path
        d="m15.500 14.500 3 3 5.500-6"
        fill="none"
        stroke="oklch(0.85 0.09 275)"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

export const badgeOf = (place: Place, counts: Counts): { value: number; live: boolean } =>
  place.to === '/inbox'
    ? { value: counts.waiting, live: false }
    : place.to === '/runs'
      ? { value: counts.running, live: true }
      : { value: 0, live: false }

/** Where everything is: 208 px with words, or icons only. */
export function SideBar({ counts }: { counts: Counts }) {
  const wide = usePreferences((state) => state.sidebar) === 'wide'
  const set = usePreferences((state) => state.set)
  const { stop, stopped, busy } = useStop()
  return (
    <nav aria-label="Places" className={cn('flex shrink-0 flex-col border-r border-line bg-canvas', wide ? 'w-52' : 'w-13')}>
      <div className={cn('flex h-11 items-center gap-2 px-3.5', !wide && 'justify-center px-0')}>
        {wide ? (
          <>
            <Mark />
            <span className="flex-1 font-semibold tracking-tight">Life-OS</span>
          </>
        ) : null}
        <IconButton
          icon={PanelLeft}
          label={wide ? 'Collapse the side bar' : 'Widen the side bar'}
          keys="mod+b"
          onClick={() => set({ sidebar: wide ? 'icons' : 'wide' })}
          className={wide ? '-mr-1.5' : ''}
        />
      </div>
      <ul className="flex flex-1 flex-col gap-px px-2 py-1">
        {PLACES.map((place) => (
          <li key={place.to}>
            <PlaceLink place={place} wide={wide} badge={badgeOf(place, counts)} />
          </li>
        ))}
      </ul>
      <div className="p-2">
        <Tip text="Emergency stop: every run stops now" side="right">
          <button
            type="button"
            disabled={stopped || busy}
            onClick={stop}
            {...(!wide && { 'aria-label': 'Emergency stop' })}
            className={cn(
              'flex h-8 w-full items-center gap-2.5 rounded-control px-2 font-medium text-final transition-colors duration-120 hover:bg-final-soft disabled:opacity-50',
              !wide && 'justify-center px-0',
            )}
          >
            <Icon of={GLYPH.stop} className="fill-current" size={14} />
            {wide ? (
              stopped ? (
                'Stopped'
              ) : (
                <span>
                  Stop<span className="sr-only"> everything now</span>
                </span>
              )
            ) : null}
          </button>
        </Tip>
      </div>
    </nav>
  )
}

function PlaceLink({ place, wide, badge }: { place: Place; wide: boolean; badge: { value: number; live: boolean } }) {
  const link = (
    <Link
      to={place.to}
      activeOptions={{ exact: place.to === '/' }}
      {...(!wide && { 'aria-label': badge.value > 0 ? `${place.name}, ${badge.value} ${badge.live ? 'running' : 'waiting'}` : place.name })}
      className={cn(
        'group relative flex h-8 items-center gap-2.5 rounded-control px-2 font-medium text-ink-soft transition-colors duration-120 hover:bg-hover hover:text-ink aria-[current=page]:bg-pressed aria-[current=page]:text-ink',
        !wide && 'justify-center px-0',
      )}
    >
      <Icon of={place.icon} className="text-ink-faint group-aria-[current=page]:text-accent-text" />
      {wide ? <span className="flex-1">{place.name}</span> : null}
      {badge.value > 0 ? (
        <span
          className={cn(
            'figures flex items-center justify-center text-12 font-semibold',
            badge.live ? 'gap-1.5 text-accent-text' : 'min-w-5 rounded-full bg-change-soft px-1.5 text-change',
            !wide && 'absolute right-0.5 top-0 scale-90',
          )}
        >
          {badge.live ? <span aria-hidden className="size-1.5 rounded-full bg-accent-text" /> : null}
          {badge.value}
          <span className="sr-only"> {badge.live ? 'running' : 'waiting'}</span>
        </span>
      ) : null}
    </Link>
  )
  return wide ? (
    link
  ) : (
    <Tip text={place.name} keys={place.shortcut} side="right">
      {link}
    </Tip>
  )
}
