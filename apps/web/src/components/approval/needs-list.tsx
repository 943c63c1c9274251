import type { Approval, Need, NeededPermission } from '@life-os/contract'
import { byDanger } from '@life-os/contract'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { DANGER_INK } from '../permissions/permission-list.tsx'
import { permissionOf, permissionWords } from '../permissions/words.ts'
import { Segmented } from '../segmented.tsx'
import { OfferMenu } from './offer-menu.tsx'

/** How long a yes should hold; `permission` is what “always” remembers. */
export interface Remembering {
  remember: 'no' | 'run' | 'always'
  permission: string | undefined
}
export const THIS_ONCE: Remembering = { remember: 'no', permission: undefined }
/** As the answer carries it. */
export const remembered = ({ remember, permission }: Remembering) => ({
  remember,
  ...(remember === 'always' && permission !== undefined && { permissions: [permission] }),
})

export interface AskedFor {
  permission: string
  plugin: string | null
}
/** Each permission once, the most dangerous first. */
export function askedFor(needs: readonly (Need | NeededPermission)[]): AskedFor[] {
  const found = needs.map((need): AskedFor =>
    'permission' in need ? { permission: need.permission, plugin: need.plugin } : { permission: permissionOf(need), plugin: null },
  )
  return byDanger([...new Map(found.map((each) => [each.permission, each])).values()])
}

const FEW = 6

/** What a plan needs that nobody has decided yet, and for how long a yes should hold. */
export function NeedsList({
  needs,
  offers,
  value,
  onChange,
}: {
  needs: readonly (Need | NeededPermission)[]
  offers: Approval['offers']
  value: Remembering
  onChange: (value: Remembering) => void
}) {
  const shown = askedFor(needs)
  return (
    <section
      aria-label="Permissions"
      className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2 phone:px-3"
    >
      <ul className="flex min-w-0 flex-1 flex-col gap-0.5 phone:basis-full">
        {shown.slice(0, FEW).map((each) => (
          <NeedLine key={each.permission} asked={each} />
        ))}
        {shown.length > FEW ? <li className="text-12 text-ink-faint">and {shown.length - FEW} more</li> : null}
      </ul>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="How long the permission holds"
          value={value.remember}
          onChange={(remember) => onChange({ remember, permission: value.permission ?? offers[0]?.permission })}
          options={[
            { value: 'no', label: 'Allow once' },
            { value: 'run', label: 'For this run' },
            ...(offers.length > 0 ? [{ value: 'always' as const, label: 'Always here' }] : []),
          ]}
        />
        {value.remember === 'always' ? (
          <OfferMenu
            offers={offers}
            value={value.permission}
            onChange={(permission) => onChange({ ...value, permission })}
            label="What is always allowed"
          />
        ) : null}
      </div>
    </section>
  )
}

function NeedLine({ asked }: { asked: AskedFor }) {
  const { title, danger } = permissionWords(asked.permission)
  return (
    <li className="flex min-w-0 items-start gap-1.5 text-12" title={asked.permission}>
      <Icon of={danger === 3 ? GLYPH.final : GLYPH.permission} size={14} className={`mt-0.5 ${DANGER_INK[danger]}`} />
      <span className="min-w-0 break-words">
        {asked.plugin ? (
          <>
            <b className="font-medium">{asked.plugin}</b> asks:{' '}
          </>
        ) : null}
        {title}
      </span>
    </li>
  )
}
