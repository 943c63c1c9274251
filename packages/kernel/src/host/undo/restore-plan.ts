import type { EffectRecord, FileImage } from '@life-os/contract'
import { folderChange, moveChange, removeChange, removeFolderChange, restoreChange, writeChange } from '../fs/changes.ts'
import { hashOf } from '../fs/content.ts'
import type { Intent } from '../fs/intent.ts'
import { freeName, missingParents } from '../fs/plan.ts'
import { shownOf } from '../fs/shown.ts'
import type { Showing } from '../fs/shown.ts'
import { differenceOf } from './compare.ts'
import type { Comparing } from './compare.ts'
import { stepsOf } from './shape.ts'
import type { Step } from './shape.ts'

export type ConflictChoice = 'skip' | 'overwrite' | 'keep-both'
export interface RestorePlan {
  intents: Intent[]
  conflict: string | null
  restored: boolean
}

interface Restoring extends Comparing, Showing {
  effect: EffectRecord
  choice: ConflictChoice
  isTrash(path: string): boolean
}

const nothing: RestorePlan = { intents: [], conflict: null, restored: true }
const refuse = (conflict: string): RestorePlan => ({ intents: [], conflict, restored: false })

/**
 * What takes an effect back, looking only at the present: nothing when the before-image already stands (so that a
 * restore cut off half-way can be repeated), a conflict where the present is not what the effect left.
 */
export async function planRestore(restoring: Restoring): Promise<RestorePlan> {
  const steps = stepsOf(restoring.effect, restoring.isTrash)
  const plans: RestorePlan[] = []
  for (const step of steps) plans.push(await planStep(restoring, step))
  const blocked = plans.find((plan) => !plan.restored)
  if (blocked) return blocked
  return { intents: plans.flatMap((plan) => plan.intents), conflict: null, restored: true }
}

function planStep(restoring: Restoring, step: Step): Promise<RestorePlan> {
  switch (step.kind) {
    case 'moved':
      return planMoved(restoring, step)
    case 'appeared':
      return step.is.kind === 'folder' && restoring.effect.change.kind === 'folder-make'
        ? planMadeFolder(restoring, step.path)
        : planAppeared(restoring, step)
    case 'vanished':
      return step.was.trash === undefined ? planLostFolder(restoring, step.path, step.was) : planVanished(restoring, step, step.was.trash)
    case 'replaced':
      return planReplaced(restoring, step, step.was.trash ?? '')
  }
}

async function planMoved(restoring: Restoring, { from, to, was, is }: Extract<Step, { kind: 'moved' }>): Promise<RestorePlan> {
  const { view, choice } = restoring
  const [there, back] = [await view.entry(to), await view.entry(from)]
  if (there === null && back !== null && (await differenceOf(restoring, from, back, was)) === null) return nothing
  if (there === null) return refuse(`${to} is no longer there, so it cannot be moved back to ${from}`)
  if (there.kind !== is.kind) return refuse(`${to} was a ${is.kind} and is a ${there.kind} now, so it is not moved back`)
  const changed = await differenceOf(restoring, to, there, is)
  if (changed !== null && choice === 'skip') return refuse(changed)
  const cleared = await clear(restoring, from)
  if (cleared.conflict !== null) return refuse(cleared.conflict)
  const parents = await missingParents(view, from)
  const bytes = there.kind === 'file' ? there.size : undefined
  return done([...cleared.intents, ...parents, { do: 'move', change: moveChange(to, cleared.path, { wished: from, bytes }) }])
}

async function planAppeared(restoring: Restoring, { path, is }: Extract<Step, { kind: 'appeared' }>): Promise<RestorePlan> {
  const present = await restoring.view.entry(path)
  if (present === null) return nothing
  const changed = await differenceOf(restoring, path, present, is)
  if (changed !== null && restoring.choice !== 'overwrite') return refuse(changed)
  return done([{ do: 'remove', change: removeChange(path, present.kind === 'file' ? present.size : undefined) }])
}

async function planMadeFolder(restoring: Restoring, path: string): Promise<RestorePlan> {
  const present = await restoring.view.entry(path)
  if (present === null) return nothing
  if (present.kind !== 'folder') return refuse(`${path} was a folder and is a ${present.kind} now`)
  const inside = await restoring.view.entries(path)
  if (inside.size > 0) return refuse(`the folder ${path} is not empty, so it stays`)
  return done([{ do: 'remove-folder', change: removeFolderChange(path) }])
}

async function planVanished(restoring: Restoring, { path, was }: Extract<Step, { kind: 'vanished' }>, trash: string): Promise<RestorePlan> {
  const { view, effect } = restoring
  const present = await view.entry(path)
  const kept = await view.entry(trash)
  if (kept === null) {
    const difference = await differenceOf(restoring, path, present, was)
    return difference === null ? nothing : refuse(`what was kept of ${path} is gone from the trash`)
  }
  const cleared = await clear(restoring, path)
  if (cleared.conflict !== null) return refuse(cleared.conflict)
  const change = restoreChange(effect.id, cleared.path, { wished: path, bytes: kept.kind === 'file' ? kept.size : undefined })
  return done([...cleared.intents, ...(await missingParents(view, path)), { do: 'untrash', change, trash, path: cleared.path }])
}

/** An empty folder that an undo removed: made again with its mode and time. */
async function planLostFolder(restoring: Restoring, path: string, was: FileImage): Promise<RestorePlan> {
  const present = await restoring.view.entry(path)
  if (present?.kind === 'folder') return nothing
  const cleared = await clear(restoring, path)
  if (cleared.conflict !== null) return refuse(cleared.conflict)
  const parents = await missingParents(restoring.view, path)
  return done([...cleared.intents, ...parents, { do: 'make-folder', change: folderChange(cleared.path), mode: was.mode, mtime: was.mtime }])
}

async function planReplaced(
  restoring: Restoring,
  { path, was, is }: Extract<Step, { kind: 'replaced' }>,
  trash: string,
): Promise<RestorePlan> {
  const { view, effect, choice } = restoring
  const [present, kept] = [await view.entry(path), await view.entry(trash)]
  if (kept === null) {
    const difference = await differenceOf(restoring, path, present, was)
    return difference === null ? nothing : refuse(`what was kept of ${path} is gone from the trash`)
  }
  const changed = await differenceOf(restoring, path, present, is)
  if (changed !== null && choice === 'skip') return refuse(changed)
  if (present?.kind === 'file' && (changed === null || choice === 'overwrite')) return done([await exchange(restoring, path, trash)])
  const cleared = await clear(restoring, path)
  const change = restoreChange(effect.id, cleared.path, { wished: path, bytes: kept.size })
  return done([...cleared.intents, ...(await missingParents(view, path)), { do: 'untrash', change, trash, path: cleared.path }])
}

async function exchange(restoring: Restoring, path: string, trash: string): Promise<Intent> {
  const { view, disk, blobs, signal } = restoring
  const [present, kept] = [await view.content(path), await view.content(trash)]
  const [before, hash] = [await hashOf(present, disk, blobs, signal), await hashOf(kept, disk, blobs, signal)]
  const sizes = [(await view.entry(path))?.size ?? 0, (await view.entry(trash))?.size ?? 0] as const
  const shown = await shownOf(restoring, path, { content: present, size: sizes[0] }, { content: kept, size: sizes[1] })
  return { do: 'exchange', change: writeChange(path, { hash, before, shown, bytes: sizes[1], verb: 'Restore' }), trash, path }
}

/** Frees a place for what comes back: nothing to do, the occupant into the trash, or a numbered name, as was chosen. */
async function clear(restoring: Restoring, path: string): Promise<{ intents: Intent[]; path: string; conflict: string | null }> {
  const occupant = await restoring.view.entry(path)
  if (occupant === null) return { intents: [], path, conflict: null }
  if (restoring.choice === 'skip') return { intents: [], path, conflict: `${path} is taken by something that came later` }
  if (restoring.choice === 'overwrite')
    return {
      intents: [{ do: 'remove', change: removeChange(path, occupant.kind === 'file' ? occupant.size : undefined) }],
      path,
      conflict: null,
    }
  return { intents: [], path: await freeName(restoring.view, path, occupant.kind === 'folder' ? 'folder' : 'file'), conflict: null }
}

const done = (intents: Intent[]): RestorePlan => ({ intents, conflict: null, restored: true })
