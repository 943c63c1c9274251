import { useEffect } from 'react'
import { create } from 'zustand'

export interface Crumb {
  label: string
  to?: string
}

export const useCrumbStore = create<{ crumbs: readonly Crumb[] }>()(() => ({ crumbs: [] }))

/** Names the page in the top bar and the browser's tab. */
export function useCrumbs(...crumbs: Crumb[]): void {
  const signature = JSON.stringify(crumbs)
  useEffect(() => {
    useCrumbStore.setState({ crumbs: JSON.parse(signature) as Crumb[] }) // what was stringified above
  }, [signature])
}
