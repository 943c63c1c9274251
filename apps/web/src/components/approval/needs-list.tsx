import type { NeededPermission, Need } from '@life-os/contract'
import { homePath } from '../../lib/format.ts'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Segmented } from '../segmented.tsx'

export type Remember = 'no' | 'run' | 'always'

const MEANING: Record<string, string> = {
  'fs.read': 'Look into',
  'fs.write': 'Change files in',
  'fs.remove': 'Remove files from',
  'net.fetch': 'Fetch from',
  net: 'Connect to',
  exec: 'Run',
  'blobs.write': 'Keep content in',
  'secrets.use': 'Use the secret',
}
const meaning = (kind: string): string => MEANING[kind] ?? kind

/** What a plan needs that nobody has decided yet, and for how long a yes should hold. */
export function NeedsList({
  needs,
  remember,
  onRemember,
}: {
  needs: readonly (Need | NeededPermission)[]
  remember: Remember
  onRemember: (value: Remember) => void
}) {
  const shown = new Map(
    needs.map((need) => {
      const [kind, ...rest] = 'permission' in need ? need.permission.split(':') : [need.kind, need.resource]
      return [`${kind}:${rest.join(':')}`, { kind: kind ?? '', resource: rest.join(':'), plugin: 'plugin' in need ? need.plugin : null }]
    }),
  )
  return (
    <section
      aria-label="Permissions"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2 phone:px-3"
    >
      <ul className="flex min-w-0 flex-1 flex-col gap-0.5">
        {[...shown.entries()].slice(0, 6).map(([key, need]) => (
          <li key={key} className="flex min-w-0 items-center gap-1.5 text-12">
            <Icon of={GLYPH.plugin} size={14} className="text-ink-faint" />
            <span className="shrink-0">
              {need.plugin ? (
                <>
                  <b className="font-medium">{need.plugin}</b> asks to {meaning(need.kind).toLowerCase()}
                </>
              ) : (
                meaning(need.kind)
              )}
            </span>
            <span className="mono truncate text-ink-soft">{homePath(need.resource)}</span>
          </li>
        ))}
        {shown.size > 6 ? <li className="text-12 text-ink-faint">and {shown.size - 6} more</li> : null}
      </ul>
      <Segmented
        label="How long the permission holds"
        value={remember}
        onChange={onRemember}
        options={[
          { value: 'no', label: 'Only this time' },
          { value: 'run', label: 'For this run' },
          { value: 'always', label: 'Always' },
        ]}
      />
    </section>
  )
}
