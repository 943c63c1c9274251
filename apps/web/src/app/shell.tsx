import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { actions, listenForShortcuts, useActions } from '../lib/actions.tsx'
import { PHONE, useMedia } from '../lib/media.ts'
import { typedAhead } from '../lib/typed-ahead.ts'
import type { TypedAhead } from '../lib/typed-ahead.ts'
import { BottomBar } from './bottom-bar.tsx'
import { OfflineBand, StopBand } from './bands.tsx'
import { SideBar } from './side-bar.tsx'
import { StatusLine } from './status-line.tsx'
import { TopBar } from './top-bar.tsx'
import { useAttention } from './attention.ts'
import { useLive } from './live.ts'
import { preloadPages } from './preload.ts'
import { useShellActions } from './shell-actions.ts'

const loadPalette = () => import('./palette.tsx')
const Palette = lazy(loadPalette)
const Shortcuts = lazy(() => import('./shortcuts.tsx'))

/** Side bar, top bar, page, status line; the palette and the list of shortcuts above them. */
export function Shell() {
  const phone = useMedia(PHONE)
  const [palette, setPalette] = useState<TypedAhead | null>(null)
  const [shortcuts, setShortcuts] = useState(false)
  const connected = useLive()
  const attention = useAttention()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const closePalette = (): void => setPalette(null)
  const openPalette = (): void => {
    if (palette) return
    const typed = typedAhead(closePalette)
    loadPalette().catch(() => typed[Symbol.dispose]()) // nothing opens, so nothing may hold the keys
    setPalette(typed)
  }
  const shell = useShellActions({ openPalette, openShortcuts: () => setShortcuts(true) })
  useActions(shell)
  useEffect(() => {
    const listening = listenForShortcuts(actions)
    return () => listening[Symbol.dispose]()
  }, [])
  const router = useRouter()
  useEffect(() => {
    const loading = preloadPages(router)
    return () => loading[Symbol.dispose]()
  }, [router])
  return (
    <div className="flex h-dvh flex-col">
      <a
        href="#page"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:left-2 focus:top-2"
      >
        Skip to the page
      </a>
      <StopBand />
      {connected ? null : <OfflineBand />}
      <div className="flex min-h-0 flex-1">
        {phone ? null : <SideBar counts={attention} />}
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar onPalette={openPalette} phone={phone} />
          <main id="page" key={path.split('/')[1]} tabIndex={-1} className="min-h-0 flex-1 outline-none">
            <Suspense>
              <Outlet />
            </Suspense>
          </main>
          {phone ? <BottomBar counts={attention} /> : <StatusLine connected={connected} />}
        </div>
      </div>
      <Suspense>
        {palette ? <Palette typed={palette} onClose={closePalette} /> : null}
        {shortcuts ? <Shortcuts onClose={() => setShortcuts(false)} /> : null}
      </Suspense>
    </div>
  )
}
