import type { CommandResult } from '@life-os/plugin-sdk'
import type { Sandbox } from '../../sandbox/types.ts'
import { hashBytes, hashOf } from '../fs/content.ts'
import type { Intended } from '../fs/intent.ts'
import { planFolder, planRemove, planWrite } from '../fs/plan.ts'
import type { Planning } from '../fs/plan.ts'
import { fault } from '../paths/faults.ts'
import { joinPath } from '../paths/path.ts'
import { checkEffect } from '../paths/scope.ts'
import { admitFolder, admitMounts, admitProgram, workingFolder } from './admit.ts'
import type { Mount } from './admit.ts'
import type { ViewCommand } from './arguments.ts'
import { prepare, runBox } from './box.ts'
import { boxOf } from './context.ts'
import type { ExecContext } from './context.ts'
import { differencesOf } from './differences.ts'
import type { Difference } from './differences.ts'
import { keptViewOf } from './kept.ts'
import type { KeptView, KeptViews, ViewStep } from './kept.ts'
import { resultOf } from './output.ts'
import { copyTree } from './stage.ts'
import { surveyTree, treeHash } from './tree.ts'
import type { Tree } from './tree.ts'

const MAX_BYTES = 256 * 1024 ** 2

/** Counts calls with the same command in one tool call: the second is another than the first. */
export type Ordinals = Map<string, number>

/**
 * `exec.view`: the command runs on a copy, in previews too, and what it changed there is done to the real folder as file
 * changes. Only a command that ends by itself with code 0 changes anything. Errors: `folder-too-large`, `view-not-applicable`.
 */
export async function viewCommand(
  context: ExecContext,
  ordinals: Ordinals,
  command: ViewCommand,
  signal: AbortSignal,
): Promise<CommandResult & { changed: string[] }> {
  checkEffect(context.scope, 'write', 'exec.view')
  const sandbox = boxOf(context)
  admitProgram(context.scope, command.program)
  const folder = await admitFolder(context, command.folder, 'write', { copied: true })
  const mounts = await admitMounts(context, command.mounts, 'read')
  const most = command.maxBytes ?? MAX_BYTES
  const kept = keptFor(context, ordinals, command)
  const known = await kept.find()
  const tree = await surveyTree(context, folder.real, { bytes: most, hashes: true }, signal)
  const now = treeHash(tree)
  const begun = known && known.tree !== now && (await isBegun(context, folder.real, known, signal)) ? known : null
  const view =
    begun ??
    (known?.tree === now && (await hasBlobs(context, known))
      ? known
      : await makeView(context, sandbox, { command, folder, mounts, tree, most }, signal))
  const changed = view.steps.map((step) => joinPath(folder.real, step.path))
  if (begun?.state !== 'applied') await applyView(context, folder.real, view, kept, begun !== null, signal)
  return { ...view.result, changed }
}

function keptFor(context: ExecContext, ordinals: Ordinals, command: ViewCommand): KeptViews {
  const { stdin, ...rest } = command
  const hash = hashBytes(JSON.stringify([rest, stdin === undefined ? null : hashBytes(stdin)]))
  const ordinal = ordinals.get(hash) ?? 0
  ordinals.set(hash, ordinal + 1)
  return keptViewOf(context.disk.home, context.scope.key, `${hash} ${ordinal}`)
}

/** An earlier try of this call was cut off while it applied this view, or later: it is taken up, not made anew. */
async function isBegun(context: ExecContext, folder: string, view: KeptView, signal: AbortSignal): Promise<boolean> {
  if (view.state === 'shown' || !(await hasBlobs(context, view))) return false
  for (const step of view.steps) if (await isDone(context, folder, step, signal)) return true
  return false // nothing came of it, or all of it was taken back since
}

async function hasBlobs(context: ExecContext, view: KeptView): Promise<boolean> {
  for (const step of view.steps) if (step.do === 'write' && !(await context.blobs.has(step.blob))) return false
  return true
}

interface Viewing {
  command: ViewCommand
  folder: Mount
  mounts: readonly Mount[]
  tree: Tree
  most: number
}

async function makeView(context: ExecContext, sandbox: Sandbox, viewing: Viewing, signal: AbortSignal): Promise<KeptView> {
  const { command, folder, mounts, tree, most } = viewing
  const others = mounts.filter((mount) => mount.real !== folder.real)
  await using prepared = await prepare(context, sandbox, others, signal)
  const copy = prepared.stage.make('view')
  const copies = await copyTree(context, prepared.stage, folder.real, tree, copy, signal)
  const boxMounts = [...prepared.mounts, { from: copy, to: folder.to, access: 'write' as const }].toSorted(
    (a, b) => a.to.length - b.to.length,
  )
  const cwd = workingFolder(command.cwd ?? folder.to, [folder, ...others], folder.to)
  const box = { command, mounts: boxMounts, cwd, network: [], live: true, unsandboxed: false }
  const result = resultOf(await runBox(context, sandbox, prepared.stage, box, signal), context.secrets.redactor, signal)
  const worked = result.code === 0 && result.cut === null
  const differences = worked ? await differencesOf(copy, tree, copies, most * 2, signal) : []
  return { tree: treeHash(tree), state: 'shown', steps: await stepsOf(context, differences, folder.real, signal), result }
}

/** Keeps what is to be written. A step that no file change can make is refused: nothing is left out silently. */
async function stepsOf(context: ExecContext, differences: readonly Difference[], folder: string, signal: AbortSignal): Promise<ViewStep[]> {
  const steps: ViewStep[] = []
  for (const difference of differences) {
    signal.throwIfAborted()
    const { path } = difference
    if (difference.do === 'remove') steps.push({ do: 'remove', path, before: difference.before })
    else if (difference.do === 'make-folder') steps.push({ do: 'make-folder', path })
    else if (difference.do === 'write') {
      const step = await writeStep(context, difference, signal)
      if (step) steps.push(step)
    } else if (difference.do !== 'mode') throw notApplicable(joinPath(folder, path), difference.do)
  }
  return steps
}

const notApplicable = (path: string, what: 'link' | 'special') =>
  fault(
    'view-not-applicable',
    `The command made ${path}, which is ${what === 'link' ? 'a link' : 'a pipe, socket or device'}: a view brings back files and folders alone. Nothing was changed; leave it out, or run the command itself.`,
    { details: { path } },
  )

async function writeStep(
  context: ExecContext,
  difference: Extract<Difference, { do: 'write' }>,
  signal: AbortSignal,
): Promise<ViewStep | null> {
  const { path, size, before } = difference
  const { hash } = await context.blobs.putFile(difference.copy)
  signal.throwIfAborted()
  if (before?.hash === hash) return null
  await context.blobs.keep(hash, `run:${context.scope.run}`)
  return { do: 'write', path, blob: hash, size, before: before?.hash ?? null }
}

async function applyView(
  context: ExecContext,
  folder: string,
  view: KeptView,
  kept: KeptViews,
  resumed: boolean,
  signal: AbortSignal,
): Promise<void> {
  const real = !('recording' in context.outgoing)
  if (real || !resumed) await kept.save({ ...view, state: real ? 'applying' : 'shown' })
  for (const step of view.steps) {
    if (resumed && (await isDone(context, folder, step, signal))) continue
    await context.mutate('exec.view', signal, (planning) => planStep(planning, joinPath(folder, step.path), step))
  }
  if (real) await kept.save({ ...view, state: 'applied' })
}

/** Whether the world already shows a step, done by an earlier try. */
async function isDone(context: ExecContext, folder: string, step: ViewStep, signal: AbortSignal): Promise<boolean> {
  const path = joinPath(folder, step.path)
  const entry = await context.view.entry(path)
  switch (step.do) {
    case 'remove':
      return entry?.kind !== step.before.kind
    case 'make-folder':
      return entry?.kind === 'folder'
    case 'write':
      return entry?.kind === 'file' && (await hashOf(await context.view.content(path), context.disk, context.blobs, signal)) === step.blob
  }
}

async function planStep(planning: Planning, path: string, step: ViewStep): Promise<Intended<unknown>> {
  switch (step.do) {
    case 'remove':
      return planRemove(planning, path)
    case 'make-folder':
      return planFolder(planning, path)
    case 'write':
      return planWrite(planning, path, { kind: 'blob', hash: step.blob }, step.size, { replace: step.before !== null, expect: step.before })
  }
}
