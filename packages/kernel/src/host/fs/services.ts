import type { Redactor } from '../../secrets/index.ts'
import type { Disk } from '../disk/disk.ts'
import type { View } from '../disk/view.ts'
import { LifeOsError } from '@life-os/contract'
import { pathReserved } from '../paths/faults.ts'
import { absolutePath, isWithin } from '../paths/path.ts'
import type { Labelling } from '../labels/labelling.ts'
import { checkDenied, checkTaken } from '../paths/denied.ts'
import { checkEffect, checkPath } from '../paths/scope.ts'
import type { CallScope, EffectSink } from '../types.ts'
import { parseArguments } from './arguments.ts'
import type { ContentBlobs } from './content.ts'
import type { Actor, Intended, Intent } from './intent.ts'
import { NAME_TAKEN } from '../disk/placeholder.ts'
import { planAppend, planCopy, planFolder, planMove, planRemove, planWrite } from './plan.ts'
import type { Planning } from './plan.ts'
import * as reads from './reads.ts'
import type { Reading } from './reads.ts'
import type { Sniffer } from './sniff.ts'

export type Handler = (args: readonly unknown[], signal: AbortSignal) => Promise<unknown>
export type Handlers = Record<string, Handler>

export interface FileServicesContext {
  scope: CallScope
  view: View
  /** Sees the labels of what is read. */
  labelling: Labelling
  disk: Disk
  blobs: ContentBlobs
  sniffer: Sniffer
  redactor: Redactor
  choose: EffectSink['approvedTarget']
  noteRead?: EffectSink['reads']
  /** Who performs what was planned: the disk's actor or the overlay's predictor. */
  actorFor(signal: AbortSignal): Actor
  /** Planning and performing of one call as one, where that matters. */
  exclusive<T>(work: () => Promise<T>): Promise<T>
}

/** A name that others keep taking is given up after this many plans. */
const PLANS = 20

/** The `fs.*` calls over a view and an actor: the same code reads, plans and acts in a preview and for real. */
export function createFileServices(context: FileServicesContext): Handlers {
  const reading = (service: string, signal: AbortSignal): Reading => ({
    view: context.labelling.view(context.view),
    disk: context.disk,
    blobs: context.blobs,
    sniffer: context.sniffer,
    signal,
    admit: (path) => {
      context.noteRead?.(service, path)
      return admit(context, 'fs.read', path)
    },
  })
  const mutate = createMutator(context)
  return {
    'fs.stat': (args, signal) => reads.stat(reading('fs.stat', signal), ...parseArguments('fs.stat', args)),
    'fs.list': (args, signal) => {
      const [path, options] = parseArguments('fs.list', args)
      return reads.list(reading('fs.list', signal), path, options ?? {})
    },
    'fs.read': (args, signal) => {
      const [path, options] = parseArguments('fs.read', args)
      return reads.read(reading('fs.read', signal), path, options ?? {})
    },
    'fs.readText': (args, signal) => {
      const [path, options] = parseArguments('fs.readText', args)
      return reads.readText(reading('fs.readText', signal), path, options ?? {})
    },
    'fs.hash': (args, signal) => reads.hash(reading('fs.hash', signal), ...parseArguments('fs.hash', args)),
    'fs.sniff': (args, signal) => reads.sniff(reading('fs.sniff', signal), ...parseArguments('fs.sniff', args)),
    'fs.usage': (args, signal) => reads.usage(reading('fs.usage', signal), ...parseArguments('fs.usage', args)),
    'fs.write': async (args, signal) => {
      const [path, content, options] = parseArguments('fs.write', args)
      const bytes = bytesOf(content)
      const target = await admit(context, 'fs.write', path)
      return mutate('fs.write', signal, (planning) => planWrite(planning, target, { kind: 'bytes', bytes }, bytes.length, options ?? {}))
    },
    'fs.append': async (args, signal) => {
      const [path, content] = parseArguments('fs.append', args)
      const target = await admit(context, 'fs.write', path)
      return mutate('fs.append', signal, (planning) => planAppend(planning, target, bytesOf(content)))
    },
    'fs.writeBlob': async (args, signal) => {
      const [path, blob, options] = parseArguments('fs.writeBlob', args)
      const target = await admit(context, 'fs.write', path)
      const size = await blobSize(context.blobs, blob)
      return mutate('fs.writeBlob', signal, (planning) => planWrite(planning, target, { kind: 'blob', hash: blob }, size, options ?? {}))
    },
    'fs.makeFolder': async (args, signal) => {
      const [path] = parseArguments('fs.makeFolder', args)
      const target = await admit(context, 'fs.write', path)
      return mutate('fs.makeFolder', signal, (planning) => planFolder(planning, target))
    },
    'fs.move': async (args, signal) => {
      const [from, to] = parseArguments('fs.move', args)
      const [source, target] = [await admitWhole(context, 'fs.write', from), await admit(context, 'fs.write', to)]
      return mutate('fs.move', signal, (planning) => planMove(planning, source, target))
    },
    'fs.copy': async (args, signal) => {
      const [from, to] = parseArguments('fs.copy', args)
      const [source, target] = [await admitWhole(context, 'fs.read', from), await admit(context, 'fs.write', to)]
      return mutate('fs.copy', signal, (planning) => planCopy(planning, source, target))
    },
    'fs.remove': async (args, signal) => {
      const [path] = parseArguments('fs.remove', args)
      const target = await admitWhole(context, 'fs.write', path)
      return mutate('fs.remove', signal, (planning) => planRemove(planning, target))
    },
  }
}

const bytesOf = (content: string | Uint8Array): Uint8Array => (typeof content === 'string' ? Buffer.from(content, 'utf8') : content)

async function blobSize(blobs: ContentBlobs, hash: string): Promise<number> {
  const { stat } = await import('node:fs/promises')
  return (await stat(await blobs.path(hash))).size
}

/** Checks a path as asked and as it really leads, and returns the latter. */
export async function admit(context: FileServicesContext, kind: 'fs.read' | 'fs.write', asked: string): Promise<string> {
  const path = absolutePath(asked)
  checkPath(context.scope, context.disk.home, kind, path)
  const canonical = await context.view.canonical(path)
  if (canonical !== path) checkPath(context.scope, context.disk.home, kind, canonical, path)
  return canonical
}

/** The same for what is taken whole: it must not hold Life-OS's own folder. */
async function admitWhole(context: FileServicesContext, kind: 'fs.read' | 'fs.write', asked: string): Promise<string> {
  const path = await admit(context, kind, asked)
  if (isWithin(context.disk.home, path)) throw pathReserved(path)
  return path
}

/** Plans one call and performs what was planned, anew where a name was taken meanwhile. */
export type Mutate = <Result>(
  service: string,
  signal: AbortSignal,
  plan: (planning: Planning) => Promise<Intended<Result>>,
) => Promise<Result>

export function createMutator(context: FileServicesContext): Mutate {
  return async <Result>(service: string, signal: AbortSignal, plan: (planning: Planning) => Promise<Intended<Result>>): Promise<Result> => {
    checkEffect(context.scope, 'write', service)
    const { view, disk, blobs, sniffer, redactor, choose } = context
    const planning: Planning = { view, disk, blobs, sniffer, redactor, choose, signal }
    const actor = context.actorFor(signal)
    return context.exclusive(async () => {
      for (let plans = 1; ; plans += 1) {
        const { intents, result } = await plan(planning)
        for (const intent of intents) await checkIntent(context, intent, signal)
        try {
          for (const intent of intents) await actor.perform(intent)
          return result
        } catch (error) {
          if (!(error instanceof LifeOsError) || error.code !== NAME_TAKEN || error.applied !== 'no' || plans >= PLANS) throw error
        }
      }
    })
  }
}

/** What is about to happen, under the names it was planned for. Error: `path-not-allowed`. */
async function checkIntent({ scope, view }: FileServicesContext, { change }: Intent, signal: AbortSignal): Promise<void> {
  if (!scope.denies) return
  if (change.kind === 'file-move') await checkTaken(scope, view, { path: change.from, kind: 'fs.write', to: change.to }, signal)
  else if (change.kind === 'file-copy') await checkTaken(scope, view, { path: change.from, kind: 'fs.read', to: change.to }, signal)
  else if (change.kind === 'file-remove') await checkTaken(scope, view, { path: change.path, kind: 'fs.write' }, signal)
  else if ('path' in change) checkDenied(scope, { kind: 'fs.write', resource: change.path })
}
