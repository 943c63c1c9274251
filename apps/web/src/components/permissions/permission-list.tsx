import { byDanger } from '@life-os/contract'
import type { ManifestPermission, PermissionWords } from '@life-os/contract'
import { cn } from '../../lib/cn.ts'
import { Badge } from '../badge.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { permissionWords } from './words.ts'

export const DANGER_INK: Record<PermissionWords['danger'], string> = {
  0: 'text-ink-faint',
  1: 'text-ink-faint',
  2: 'text-change',
  3: 'text-final',
}

/** Permissions in plain words, the most dangerous first, each with its author's reason. */
export function PermissionList({ permissions, change }: { permissions: readonly ManifestPermission[]; change?: 'added' | 'removed' }) {
  return (
    <ul>
      {byDanger(permissions).map((each) => {
        const { title, danger } = permissionWords(each.permission)
        return (
          <li
            key={each.permission}
            className={cn(
              'flex items-start gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3',
              change === 'added' && 'bg-add-soft/60',
            )}
          >
            <Icon of={danger === 3 ? GLYPH.final : GLYPH.permission} className={cn('mt-0.5', DANGER_INK[danger])} />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className={cn('font-medium', change === 'removed' && 'text-ink-faint line-through')}>{title}</span>
                {danger === 3 ? <Badge tone="final">high risk</Badge> : null}
                {change === 'added' ? <Badge tone="add">new</Badge> : null}
              </p>
              <p className="text-ink-soft">{each.reason}</p>
              <p className="mono break-all text-12 text-ink-faint">{each.permission}</p>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
