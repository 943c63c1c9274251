import type { LucideIcon } from 'lucide-react'
import { GLYPH } from '../components/glyphs.ts'

export interface Place {
  to:
    | '/'
    | '/chat'
    | '/inbox'
    | '/runs'
    | '/workflows'
    | '/agents'
    | '/models'
    | '/trash'
    | '/plugins'
    | '/permissions'
    | '/audit'
    | '/settings'
  name: string
  icon: LucideIcon
  shortcut: string
  phone: boolean
}

/** Parts of places that are found by their own names too. */
export const PARTS: readonly {
  name: string
  to: '/models' | '/agents' | '/plugins/mcp'
  search?: { tab: string } | { agent: string }
  icon: LucideIcon
  keywords: string
}[] = [
  { name: 'Providers of models', to: '/models', search: { tab: 'providers' }, icon: GLYPH.model, keywords: 'Ollama cloud' },
  { name: 'Choices and limits of models', to: '/models', search: { tab: 'choices' }, icon: GLYPH.model, keywords: 'alias default budget' },
  { name: 'Costs of models', to: '/models', search: { tab: 'costs' }, icon: GLYPH.model, keywords: 'spent tokens' },
  { name: 'What was learned about you', to: '/agents', search: { agent: '~learned' }, icon: GLYPH.learned, keywords: 'preferences' },
  { name: 'MCP servers', to: '/plugins/mcp', icon: GLYPH.plugin, keywords: 'model context protocol' },
]

/** Every place of the side bar, in its order; the first four have a place in the bottom bar of a phone. */
export const PLACES: readonly Place[] = [
  { to: '/', name: 'Home', icon: GLYPH.home, shortcut: 'g h', phone: true },
  { to: '/chat', name: 'Chat', icon: GLYPH.chat, shortcut: 'g c', phone: true },
  { to: '/inbox', name: 'Inbox', icon: GLYPH.inbox, shortcut: 'g i', phone: true },
  { to: '/runs', name: 'Runs', icon: GLYPH.run, shortcut: 'g r', phone: true },
  { to: '/workflows', name: 'Workflows', icon: GLYPH.plan, shortcut: 'g w', phone: false },
  { to: '/agents', name: 'Agents', icon: GLYPH.agent, shortcut: 'g b', phone: false },
  { to: '/models', name: 'Models', icon: GLYPH.model, shortcut: 'g m', phone: false },
  { to: '/trash', name: 'Trash', icon: GLYPH.trash, shortcut: 'g t', phone: false },
  { to: '/plugins', name: 'Plugins', icon: GLYPH.plugin, shortcut: 'g p', phone: false },
  { to: '/permissions', name: 'Permissions', icon: GLYPH.permission, shortcut: 'g e', phone: false },
  { to: '/audit', name: 'Audit', icon: GLYPH.audit, shortcut: 'g a', phone: false },
  { to: '/settings', name: 'Settings', icon: GLYPH.settings, shortcut: 'g s', phone: false },
]
