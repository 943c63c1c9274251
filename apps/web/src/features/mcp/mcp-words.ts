import type { McpServer } from '@life-os/contract'
import type { Tone } from '../../components/badge.tsx'

export const SERVER_STATE: Record<McpServer['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'Waits for you', tone: 'change' },
  ready: { word: 'Connected', tone: 'add' },
  idle: { word: 'Rests', tone: 'plain' },
  connecting: { word: 'Connecting', tone: 'accent' },
  unreachable: { word: 'Does not answer', tone: 'remove' },
  changed: { word: 'Changed', tone: 'change' },
  disabled: { word: 'Off', tone: 'plain' },
}
