import fs from 'node:fs'
import path from 'node:path'
import type { CommandResult } from '@life-os/plugin-sdk'
import { withContent } from '../fs/content.ts'
import { fault } from '../paths/faults.ts'
import { admitMounts, admitProgram, workingFolder } from './admit.ts'
import type { ComputeCommand } from './arguments.ts'
import { prepare, runBox } from './box.ts'
import { boxOf } from './context.ts'
import type { ExecContext } from './context.ts'
import { differencesOf } from './differences.ts'
import type { Difference } from './differences.ts'
import { resultOf } from './output.ts'
import type { Copies, Stage } from './stage.ts'
import type { Known, Tree } from './tree.ts'

/** Where the files of a computation lie in its box, and where it works. */
const PLACE = '/work/files'
const FILES = 100
const BYTES = 64 * 1024 ** 2
/** Laid into the box, and left there in all before it is looked at. */
const LAID = 1024 ** 3

export interface LeftFile {
  name: string
  blob: string
  size: number
  mime: string
}

/** `exec.compute`: changes nothing outside its box, so it is a read and really runs in previews. Error: `output-too-large`. */
export async function computeCommand(
  context: ExecContext,
  command: ComputeCommand,
  signal: AbortSignal,
): Promise<CommandResult & { files: LeftFile[] }> {
  const sandbox = boxOf(context)
  admitProgram(context.scope, command.program)
  const mounts = await admitMounts(context, command.mounts, 'read')
  await using prepared = await prepare(context, sandbox, mounts, signal)
  const folder = prepared.stage.make('files')
  const laid = await layFiles(context, prepared.stage, folder, command.files ?? [])
  const box = {
    command,
    mounts: [...prepared.mounts, { from: folder, to: PLACE, access: 'write' as const }],
    cwd: command.cwd === undefined ? PLACE : workingFolder(command.cwd, mounts, PLACE),
    network: [],
    live: true,
    unsandboxed: false,
  }
  const result = resultOf(await runBox(context, sandbox, prepared.stage, box, signal), context.secrets.redactor, signal)
  const left = await differencesOf(folder, laid.tree, laid.copies, LAID, signal)
  return { ...result, files: await takeFiles(context, left, signal) }
}

async function layFiles(
  context: ExecContext,
  stage: Stage,
  folder: string,
  files: readonly { name: string; blob: string }[],
): Promise<{ tree: Tree; copies: Copies }> {
  const tree = new Map<string, Known>()
  const copies: Copies = new Map()
  for (const { name, blob } of files) {
    for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
      const above = path.join(folder, name.slice(0, at))
      if (!fs.existsSync(above)) {
        fs.mkdirSync(above)
        stage.give(above)
      }
    }
    const file = path.join(folder, name)
    if (fs.existsSync(file)) throw fault('arguments-invalid', `Two files are called ${name}; give each its own name.`)
    await fs.promises.copyFile(await context.blobs.path(blob), file)
    fs.chmodSync(file, 0o644)
    stage.give(file)
    const stats = fs.lstatSync(file, { bigint: true })
    tree.set(name, { kind: 'file', size: Number(stats.size), mode: 0o644, mtime: Number(stats.mtimeMs) })
    copies.set(name, { ino: stats.ino, size: stats.size, changed: stats.ctimeNs })
  }
  return { tree, copies }
}

async function takeFiles(context: ExecContext, left: readonly Difference[], signal: AbortSignal): Promise<LeftFile[]> {
  const written = left.filter((difference) => difference.do === 'write')
  const bytes = written.reduce((sum, { size }) => sum + size, 0)
  if (written.length > FILES || bytes > BYTES)
    throw fault(
      'output-too-large',
      `The command left ${written.length} files of ${Math.ceil(bytes / 1024 ** 2)} MiB; at most ${FILES} files and ${BYTES / 1024 ** 2} MiB come back. Remove what is not a result.`,
    )
  const files: LeftFile[] = []
  for (const { path: name, copy, size } of written) {
    signal.throwIfAborted()
    const { hash } = await context.blobs.putFile(copy)
    await context.blobs.keep(hash, `run:${context.scope.run}`)
    const { mime } = await withContent({ kind: 'blob', hash }, context.disk, context.blobs, (reader) => context.sniffer.sniff(name, reader))
    files.push({ name, blob: hash, size, mime })
  }
  return files
}
