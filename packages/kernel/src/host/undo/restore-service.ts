import type { EffectRecord } from '@life-os/contract'
import type { Trash } from '../disk/trash.ts'
import type { View } from '../disk/view.ts'
import { conflictChange } from '../fs/changes.ts'
import type { Actor } from '../fs/intent.ts'
import type { Handlers } from '../fs/services.ts'
import type { Showing } from '../fs/shown.ts'
import { fault } from '../paths/faults.ts'
import type { CallScope, Recording, RestoreOutcome, RestoreServices } from '../types.ts'
import { planRestore } from './restore-plan.ts'
import type { ConflictChoice } from './restore-plan.ts'

/** The one private service. Only the kernel's own tool may use it; plugin tools have their plugin's id in front. */
const SERVICE = 'restore.effect'
const TOOL = 'life-os.restore'

export interface RestoreContext extends Showing {
  scope: CallScope
  view: View
  trash: Trash
  actorFor(signal: AbortSignal): Actor
  exclusive<T>(work: () => Promise<T>): Promise<T>
  /** In a preview: where conflicts are shown among the changes. */
  recording?: Recording
}

/** Plans a restore on the call's own view and lets the call's own actor perform it: so an undo is recorded or journaled like any effect. */
export function createRestoreServices(context: RestoreContext): Handlers {
  return {
    [SERVICE]: async (args, signal) => {
      if (context.scope.tool !== TOOL || context.scope.plugin !== 'life-os')
        throw fault('service-unknown', `The host has no service ${SERVICE} for plugins.`)
      const [effect, choice] = args as [EffectRecord, ConflictChoice] // restoreThrough below is the only caller this scope lets in
      if (effect.change.reversal !== 'exact' || effect.change.kind === 'request-send')
        throw fault('effect-final', `${effect.change.summary}: the host cannot take this back.`)
      return context.exclusive(() => restoreOne(context, effect, choice, signal))
    },
  }
}

async function restoreOne(
  context: RestoreContext,
  effect: EffectRecord,
  choice: ConflictChoice,
  signal: AbortSignal,
): Promise<RestoreOutcome> {
  const { view, disk, blobs, sniffer, redactor, trash } = context
  const plan = await planRestore({ view, disk, blobs, sniffer, redactor, signal, effect, choice, isTrash: (path) => trash.owns(path) })
  if (plan.conflict !== null) context.recording?.changes.push(conflictChange(effect.id, plan.conflict))
  const actor = context.actorFor(signal)
  for (const intent of plan.intents) await actor.perform(intent)
  return { restored: plan.restored, conflict: plan.conflict }
}

/** The host's `restore`: asks the given services, whichever they are. */
export async function restoreThrough(effect: EffectRecord, services: RestoreServices, choice: ConflictChoice): Promise<RestoreOutcome> {
  const outcome = await services.handle(SERVICE, [effect, choice], new AbortController().signal)
  return outcome as RestoreOutcome // made by restoreOne above
}
