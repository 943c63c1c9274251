import { useNavigate } from '@tanstack/react-router'
import { CircleHelp, FlaskConical, LogOut, Moon, PanelLeft, Search, Sun, SunMoon } from 'lucide-react'
import { useMutation } from '@tanstack/react-query'
import { GLYPH } from '../components/glyphs.ts'
import type { Action } from '../lib/actions.tsx'
import { client } from '../lib/api.ts'
import { usePreferences } from '../lib/preferences.ts'
import { reportFailure } from '../lib/report.ts'
import { PARTS, PLACES } from './places.ts'
import { MODES, useMode } from './use-mode.ts'
import { useStop } from './use-stop.ts'

/** What can be done from everywhere. */
export function useShellActions({ openPalette, openShortcuts }: { openPalette: () => void; openShortcuts: () => void }): Action[] {
  const navigate = useNavigate()
  const { sidebar, theme, set } = usePreferences()
  const { mode, setMode } = useMode()
  const { stopped, stop, lift } = useStop()
  const sample = useMutation({
    mutationFn: () => client.system.sample(),
    onSuccess: ({ path }) => navigate({ to: '/workflows/$plan', params: { plan: 'tidy-folder' }, search: { inputs: { folder: path } } }),
  })
  const go = PLACES.map((place): Action => ({
    id: `go.${place.to}`,
    name: `Go to ${place.name}`,
    group: 'Go to',
    icon: place.icon,
    shortcut: place.shortcut,
    perform: () => void navigate({ to: place.to }),
  }))
  return [
    { id: 'palette', name: 'Find anything', group: 'Life-OS', icon: Search, shortcut: 'mod+k', perform: openPalette },
    { id: 'shortcuts', name: 'Keyboard shortcuts', group: 'Life-OS', icon: CircleHelp, shortcut: '?', perform: openShortcuts },
    ...go,
    {
      id: 'go./goal',
      name: 'Make a plan from a goal',
      group: 'Go to',
      icon: GLYPH.plan,
      keywords: 'do propose planner',
      perform: () => void navigate({ to: '/goal' }),
    },
    ...PARTS.map(({ name, to, search, icon, keywords }): Action => ({
      id: `go.${to}?${Object.values(search ?? {}).join()}`,
      name: `Go to ${name}`,
      group: 'Go to',
      icon,
      keywords,
      perform: () => void navigate({ to, ...(search && { search }) }),
    })),
    {
      id: 'sample',
      name: 'Make a sample messy folder',
      group: 'Life-OS',
      icon: FlaskConical,
      keywords: 'try demo',
      perform: () => sample.mutate(),
    },
    ...MODES.map((each): Action => ({
      id: `mode.${each.value}`,
      name: `Mode: ${each.label}`,
      group: 'Life-OS',
      when: each.value !== mode,
      keywords: each.hint,
      perform: () => setMode(each.value),
    })),
    {
      id: 'sidebar',
      name: sidebar === 'wide' ? 'Collapse the side bar' : 'Widen the side bar',
      group: 'Appearance',
      icon: PanelLeft,
      shortcut: 'mod+b',
      perform: () => set({ sidebar: sidebar === 'wide' ? 'icons' : 'wide' }),
    },
    {
      id: 'theme.light',
      name: 'Light theme',
      group: 'Appearance',
      icon: Sun,
      when: theme !== 'light',
      perform: () => set({ theme: 'light' }),
    },
    {
      id: 'theme.dark',
      name: 'Dark theme',
      group: 'Appearance',
      icon: Moon,
      when: theme !== 'dark',
      perform: () => set({ theme: 'dark' }),
    },
    {
      id: 'theme.system',
      name: 'Theme of the system',
      group: 'Appearance',
      icon: SunMoon,
      when: theme !== 'system',
      perform: () => set({ theme: 'system' }),
    },
    { id: 'stop', name: 'Emergency stop', group: 'Life-OS', icon: GLYPH.stop, when: !stopped, grave: true, perform: stop },
    { id: 'stop.lift', name: 'Lift the emergency stop', group: 'Life-OS', icon: GLYPH.stop, when: stopped, perform: lift },
    {
      id: 'sign-out',
      name: 'Sign out',
      group: 'Life-OS',
      icon: LogOut,
      perform: () => client.people.signOut().then(() => location.reload(), reportFailure),
    },
  ]
}
