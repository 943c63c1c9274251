import type { Plugin, PluginSource } from '@life-os/contract'
import type { Tone } from '../../components/badge.tsx'
import { homePath } from '../../lib/format.ts'

export const PLUGIN_STATE: Record<Plugin['state'], { tone: Tone; word: string }> = {
  ready: { tone: 'add', word: 'running' },
  idle: { tone: 'plain', word: 'idle' },
  starting: { tone: 'accent', word: 'starting' },
  crashed: { tone: 'remove', word: 'crashed' },
  quarantined: { tone: 'final', word: 'quarantined' },
  disabled: { tone: 'plain', word: 'disabled' },
  refused: { tone: 'remove', word: 'refused' },
  waiting: { tone: 'change', word: 'waits for you' },
}

/** Where a plugin came from, in words and exactly. */
export function sourceWords(source: PluginSource): { from: string; exact: string | null } {
  switch (source.kind) {
    case 'bundled':
      return { from: 'Comes with Life-OS', exact: null }
    case 'folder':
      return { from: `The folder ${homePath(source.path)}`, exact: source.watch ? 'read again when a file in it changes' : null }
    case 'archive':
      return { from: `The archive ${source.name}`, exact: null }
    case 'git':
      return { from: source.url, exact: `${source.ref ? `${source.ref}, ` : ''}commit ${source.commit.slice(0, 12)}` }
    case 'mcp':
      return { from: `The MCP server ${source.server}`, exact: null }
  }
}

/** What fetching a plugin anew is called, by where it came from; null where there is nothing to fetch from. */
export function updateWord(source: PluginSource): string | null {
  if (source.kind === 'folder') return 'Read the folder again'
  return source.kind === 'git' ? 'Look for an update' : null
}

/** One line about a version that waits. */
export function pendingWords(plugin: Plugin): string {
  const { pending } = plugin
  if (!pending) return ''
  if (plugin.state === 'waiting') return 'Nothing of it has run. It waits until you accept it.'
  const added = pending.permissions.added.length
  return added === 0
    ? `Version ${pending.manifest.version} is there and asks for nothing new.`
    : `Version ${pending.manifest.version} is there and asks for ${added === 1 ? 'one more permission' : `${added} more permissions`}.`
}
