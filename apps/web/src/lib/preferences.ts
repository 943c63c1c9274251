import { create } from 'zustand'

type Theme = 'system' | 'light' | 'dark'
type Density = 'compact' | 'comfortable'

interface Preferences {
  sidebar: 'wide' | 'icons'
  panel: number
  theme: Theme
  density: Density
  notify: boolean
  set: (change: Partial<Omit<Preferences, 'set'>>) => void
}

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(`life-os.${key}`)
  } catch {
    return null // storage is refused in some private windows; preferences then last as long as the tab
  }
}
const write = (key: string, value: string): void => {
  try {
    localStorage.setItem(`life-os.${key}`, value)
  } catch {
    // as above
  }
}

/** How this browser shows Life-OS. What belongs to the person stands in the server's settings. */
export const usePreferences = create<Preferences>()((set) => ({
  sidebar: read('sidebar') === 'icons' ? 'icons' : 'wide',
  panel: Number(read('panel')) || 480,
  theme: (read('theme') as Theme | null) ?? 'system', // only this file writes it
  density: (read('density') as Density | null) ?? 'compact', // only this file writes it
  notify: read('notify') !== 'off',
  set(change) {
    set(change)
    for (const [key, value] of Object.entries(change)) write(key, typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value))
    if (change.theme || change.density) applyAppearance()
  },
}))

/** Puts theme and density on the document. */
export function applyAppearance(): void {
  const { theme, density } = usePreferences.getState()
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  document.documentElement.dataset['density'] = density
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', dark ? '#0f1116' : '#f7f8fa')
}
