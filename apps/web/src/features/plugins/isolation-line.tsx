import type { Isolation } from '@life-os/contract'
import { Badge } from '../../components/badge.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'

export function IsolationBadge({ isolation }: { isolation: Isolation }) {
  return isolation.level === 'bubblewrap' ? (
    <Badge tone="add" icon={GLYPH.boxed}>
      boxed
    </Badge>
  ) : (
    <Badge tone="final" icon={GLYPH.unboxed}>
      Node permissions only
    </Badge>
  )
}

/** How far its process is shut in; where it is not wholly, why, and what mends it. */
export function IsolationLine({ isolation }: { isolation: Isolation }) {
  if (isolation.level === 'bubblewrap')
    return (
      <p className="flex items-start gap-2 text-ink-soft">
        <Icon of={GLYPH.boxed} className="mt-0.5 text-add" />
        <span>
          Its process is shut in a box: no files, no network and no environment of yours but what each call is granted.
          {isolation.uid === null ? '' : ` It runs as user ${isolation.uid}.`}
          {isolation.cgroup ? '' : ' Memory is limited for each process, not for all of them together: no control groups here.'}
        </span>
      </p>
    )
  return (
    <div role="note" className="flex items-start gap-2 text-final">
      <Icon of={GLYPH.unboxed} className="mt-0.5" />
      <div className="min-w-0">
        <p>
          <b className="font-semibold">Not shut in a box.</b>{' '}
          {isolation.reason ?? 'Node’s own permissions are the only wall around it on this machine.'}
        </p>
        {isolation.mend ? (
          <p className="mt-1.5 text-ink-soft">
            To mend it: <code className="mono break-all rounded-control bg-sunken px-1.5 py-0.5 text-12 text-ink">{isolation.mend}</code>
          </p>
        ) : null}
      </div>
    </div>
  )
}
