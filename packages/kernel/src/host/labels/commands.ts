import { errorShape } from '@life-os/contract'
import { z } from 'zod'
import type { Carried, LabelCarrier, LabelLookup } from '../../labels/index.ts'
import type { Disk } from '../disk/disk.ts'
import type { Handlers } from '../fs/services.ts'
import { joinPath, parentOf } from '../paths/path.ts'
import type { Labelling, LabelledScope } from './labelling.ts'
import { checkPrivateHost } from './private.ts'

/** As much of a command as labels depend on; the service itself checks all of it. */
const Command = z.looseObject({
  mounts: z.array(z.looseObject({ path: z.string(), access: z.enum(['read', 'write']) })).optional(),
  folder: z.string().optional(),
  network: z.array(z.string()).optional(),
  files: z.array(z.looseObject({ blob: z.string() })).optional(),
})
const Left = z.looseObject({ files: z.array(z.looseObject({ blob: z.string(), size: z.number() })) })

export interface CommandsContext {
  scope: LabelledScope
  labelling: Labelling
  labels: LabelLookup & LabelCarrier
  disk: Disk
  /** False in a preview, where no command leaves anything in a mounted folder. */
  acts: boolean
  /** False where `exec.run` has no box: it sees whatever this user does, mounted or not. */
  boxed: boolean
}

/**
 * Commands and servers see all of what is mounted and say what they like: their call takes the labels of every mounted folder and, with
 * a network, of outside; what they may write to takes the labels of the call. Private data needs every host by its name. A command
 * that surely did not run leaves no label.
 */
export function labelCommands(context: CommandsContext, handlers: Handlers): Handlers {
  const wrapped: Handlers = { ...handlers }
  for (const service of ['exec.run', 'exec.view', 'exec.compute', 'mcp.call']) {
    const handler = handlers[service]
    if (!handler) continue
    wrapped[service] = async (args, signal) => {
      const carried = await beforeCommand(context, service, args[0])
      const result = await handler(args, signal).catch(async (error: unknown) => {
        if (errorShape(error).applied === 'no') await carried?.retract()
        throw error
      })
      await carried?.settle()
      for (const { blob, size } of Left.safeParse(result).data?.files ?? []) await context.labelling.noteBlob(blob, size)
      return result
    }
  }
  return wrapped
}

async function beforeCommand(context: CommandsContext, service: string, given: unknown): Promise<Carried | null> {
  const { scope, labelling, labels, disk, acts, boxed } = context
  const command = Command.safeParse(given).data
  if (!command) return null // the service says what is wrong with it
  const real = (path: string): Promise<string> => disk.canonical(joinPath(path, 'x')).then(parentOf, () => path)
  const mounts = await Promise.all((command.mounts ?? []).map(async ({ path, access }) => ({ path: await real(path), access })))
  for (const { path } of mounts) labelling.seeTree(path)
  if (command.folder !== undefined) labelling.seeTree(await real(command.folder))
  if (!boxed && service === 'exec.run') {
    labelling.seeTree('/')
    scope.seen.add('untrusted', 'a command without a sandbox')
  }
  for (const { blob } of command.files ?? []) labelling.seeBlob(blob)
  for (const place of command.network ?? []) {
    const at = place.lastIndexOf(':')
    checkPrivateHost(scope, place.slice(0, at).toLowerCase(), place.slice(at + 1))
    scope.seen.add('untrusted', place)
  }
  if (service === 'mcp.call') scope.seen.add('untrusted', scope.plugin)
  if (!acts || (service !== 'exec.run' && service !== 'mcp.call')) return null // a view's changes are file changes, each with its labels
  const writable = mounts.filter((mount) => mount.access === 'write')
  const sources = scope.seen.explained
  return labels.carry(
    [],
    writable.map(({ path }) => ({ path, hash: 'tree', size: null, sources })),
  )
}
