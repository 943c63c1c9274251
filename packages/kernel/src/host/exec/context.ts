import type { Sandbox } from '../../sandbox/types.ts'
import type { Disk } from '../disk/disk.ts'
import type { View } from '../disk/view.ts'
import type { ContentBlobs } from '../fs/content.ts'
import type { Mutate } from '../fs/services.ts'
import type { Sniffer } from '../fs/sniff.ts'
import type { Lookup } from '../net/address.ts'
import type { HostSecrets } from '../net/credential.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope, EffectSink, Recording } from '../types.ts'

export interface ExecContext {
  scope: CallScope
  view: View
  disk: Disk
  blobs: ContentBlobs
  sniffer: Sniffer
  lookup: Lookup
  sandbox: Sandbox | undefined
  secrets: HostSecrets
  /** Whether this preview has already predicted changes, so that the disk alone does not tell how things will be. */
  predicted(): boolean
  /** Plans and performs one file change, as the `fs` services do. */
  mutate: Mutate
  /** Real effects go to the sink, a preview's into the recording. */
  outgoing: { sink: EffectSink } | { recording: Recording }
}

/** Error: `sandbox-missing`. */
export function sandboxOf(context: ExecContext): Sandbox {
  if (context.sandbox) return context.sandbox
  throw fault('sandbox-missing', 'This Life-OS was started without a sandbox, so no command can run; start it as usual.', {
    class: 'operational',
  })
}

/** The same, for what must never run without a box. */
export function boxOf(context: ExecContext): Sandbox {
  const sandbox = sandboxOf(context)
  if (sandbox.isolation.level === 'bubblewrap') return sandbox
  const { reason, mend } = sandbox.isolation
  throw fault(
    'sandbox-missing',
    `Commands need a sandbox, which this machine lacks: ${reason ?? 'no reason known'}. ${mend ?? ''}`.trim(),
    {
      class: 'operational',
      details: { mend },
    },
  )
}
