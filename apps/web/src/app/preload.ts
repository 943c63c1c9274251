import type { AnyRouter } from '@tanstack/react-router'

const LATEST_MS = 4000

/**
 * Fetches the code of every page once the browser is idle: each then opens at once, and also while the server is away,
 * when a page that cannot be fetched would end in a reload and an empty window.
 */
export function preloadPages(router: AnyRouter): Disposable {
  const load = (): void => {
    for (const route of Object.values(router.routesById)) void route.options.component?.preload?.()
  }
  if (typeof requestIdleCallback === 'undefined') {
    // Safari
    const timer = setTimeout(load, LATEST_MS)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  }
  const handle = requestIdleCallback(load, { timeout: LATEST_MS })
  return { [Symbol.dispose]: () => cancelIdleCallback(handle) }
}
