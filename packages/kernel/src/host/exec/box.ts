import fs from 'node:fs'
import { errorShape } from '@life-os/contract'
import type { ExecOutcome, Sandbox } from '../../sandbox/types.ts'
import { createPacer } from '../fs/listing.ts'
import { fault } from '../paths/faults.ts'
import { joinPath, parentOf, toSystem } from '../paths/path.ts'
import { openEgress } from '../proxy/index.ts'
import type { Egress } from '../proxy/index.ts'
import { authPlace } from './admit.ts'
import type { Mount } from './admit.ts'
import type { RunCommand } from './arguments.ts'
import { bringBack } from './bring-back.ts'
import type { ExecContext } from './context.ts'
import { createLiveOutput } from './output.ts'
import { copyTree, guardRoom, openStage } from './stage.ts'
import type { Copies, Stage } from './stage.ts'
import { surveyTree } from './tree.ts'
import type { Tree } from './tree.ts'

/** Where the proxy answers inside a box. */
const PROXY_PORT = 3128
const TIME = 60_000
const MEMORY = 512
const PIDS = 64
const OUTPUT = 1024 * 1024
/** Of a folder that must be copied before a box can see it, at most this. */
const STAGED = 1024 ** 3
/** What a command may write beyond the copies it was given. */
const WRITTEN = 1024 ** 3

export interface BoxMount {
  from: string
  to: string
  access: 'read' | 'write'
}
interface Staged {
  mount: Mount
  tree: Tree
  copy: string
  copies: Copies
}

/** Everything a command needs before it can start: its mounts, copies among them. */
export interface Prepared extends AsyncDisposable {
  readonly stage: Stage
  readonly mounts: BoxMount[]
  readonly staged: readonly Staged[]
}

/**
 * Makes folders reachable for the box: as they are where its uid owns them or everybody may read them, else as copies. What
 * is only predicted is copied from the prediction. Errors: `folder-too-large`, `disk-full`.
 */
export async function prepare(context: ExecContext, sandbox: Sandbox, mounts: readonly Mount[], signal: AbortSignal): Promise<Prepared> {
  const stage = openStage(context.disk.home, sandbox.identity)
  const ready: BoxMount[] = []
  const staged: Staged[] = []
  try {
    for (const mount of mounts) {
      if (await canMountAsItIs(context, sandbox, mount, signal)) {
        ready.push({ from: mount.real, to: mount.to, access: mount.access })
        continue
      }
      const tree = await surveyTree(context, mount.real, { bytes: STAGED, hashes: false }, signal)
      const copy = stage.make(`mount-${staged.length}`)
      staged.push({ mount, tree, copy, copies: await copyTree(context, stage, mount.real, tree, copy, signal) })
      ready.push({ from: copy, to: mount.to, access: mount.access })
    }
  } catch (error) {
    await stage[Symbol.asyncDispose]()
    throw error
  }
  return { stage, mounts: ready, staged, [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose]() }
}

async function canMountAsItIs(context: ExecContext, sandbox: Sandbox, mount: Mount, signal: AbortSignal): Promise<boolean> {
  if (context.predicted()) return false
  if (!sandbox.ownsFiles && (mount.access === 'write' || !isReachable(mount.real))) return false
  const door = await findDoor(context, mount.real, sandbox.ownsFiles, signal)
  if (door === null) return true
  if (mount.access === 'read') return false
  throw fault('mount-special', `${door} is a pipe, socket or device, by which a command could leave its box; mount a folder without it.`, {
    details: { path: door },
  })
}

/** Whether others than the owner may enter all folders above. */
function isReachable(folder: string): boolean {
  for (let above = folder; above !== '/'; above = parentOf(above)) if ((fs.statSync(toSystem(above)).mode & 0o005) !== 0o005) return false
  return true
}

/** The first thing in a folder that must not be mounted as it is: a way out of the box, or what the box's uid cannot read. */
async function findDoor(context: ExecContext, folder: string, owned: boolean, signal: AbortSignal): Promise<string | null> {
  const pace = createPacer()
  const walk = async (at: string): Promise<string | null> => {
    signal.throwIfAborted()
    await pace()
    for (const [name, entry] of await context.view.entries(at)) {
      const path = joinPath(at, name)
      if (entry.kind === 'special') return path
      if (!owned && entry.kind === 'file' && (entry.mode & 0o004) === 0) return path
      if (entry.kind !== 'folder') continue
      if (!owned && (entry.mode & 0o005) !== 0o005) return path
      const found = await walk(path).catch((error: unknown) => {
        if (errorShape(error).code === 'path-unreadable') return null // the box has no more power than we have
        throw error
      })
      if (found !== null) return found
    }
    return null
  }
  return walk(folder)
}

/** Brings what the command changed in copies of writable folders to the folders themselves. */
export async function finish(context: ExecContext, prepared: Prepared, signal: AbortSignal): Promise<void> {
  for (const { mount, tree, copy, copies } of prepared.staged)
    if (mount.access === 'write') await bringBack(context, { folder: mount.real, tree, copy, copies }, signal)
}

export interface Box {
  command: Pick<RunCommand, 'program' | 'args' | 'script' | 'stdin' | 'env' | 'limits' | 'auth'>
  mounts: readonly BoxMount[]
  cwd: string
  network: readonly string[]
  live: boolean
  /** A person approved this very command without a box. */
  unsandboxed: boolean
}

/** Runs a command and waits for its end. Errors: those of the sandbox, `folder-too-large`, and the reason of a cancel. */
export async function runBox(
  context: ExecContext,
  sandbox: Sandbox,
  stage: Stage | null,
  box: Box,
  signal: AbortSignal,
): Promise<ExecOutcome> {
  const { command } = box
  const { scope } = context
  await using egress = box.network.length > 0 ? await egressFor(context, sandbox, box, signal) : null
  using guard = stage && guardRoom(stage.folder, WRITTEN)
  const show = box.live ? scope.onOutput?.bind(scope) : undefined
  using live = show ? createLiveOutput(show, context.secrets.redactor) : null
  const stdin = command.script ?? command.stdin ?? null
  const outcome = await sandbox.exec(
    {
      program: command.program,
      args: command.args ?? [],
      cwd: box.cwd,
      mounts: box.mounts,
      env: { ...environmentOf(egress !== null), ...command.env },
      stdin: typeof stdin === 'string' ? Buffer.from(stdin) : stdin,
      proxy: egress && { socket: egress.socket, port: PROXY_PORT },
      limits: {
        time: command.limits?.time ?? TIME,
        memory: command.limits?.memory ?? MEMORY,
        pids: command.limits?.pids ?? PIDS,
        output: command.limits?.output ?? OUTPUT,
      },
      ...(live && { onOutput: live.take.bind(live) }),
    },
    guard ? AbortSignal.any([signal, guard.signal]) : signal,
    box.unsandboxed ? { unsandboxed: true } : {},
  )
  guard?.signal.throwIfAborted()
  return outcome
}

function egressFor(context: ExecContext, sandbox: Sandbox, box: Box, signal: AbortSignal): Promise<Egress> {
  if (sandbox.isolation.level !== 'bubblewrap')
    throw fault('sandbox-missing', 'A command that reaches the network needs a sandbox, which this machine lacks.', {
      class: 'operational',
    })
  return openEgress({
    scope: context.scope,
    lookup: context.lookup,
    places: box.network,
    auth: (box.command.auth ?? []).map(({ host, secret, as, name }) => ({
      secret,
      ...(as !== undefined && { as }),
      ...(name !== undefined && { name }),
      place: authPlace(host),
    })),
    secrets: context.secrets,
    identity: sandbox.identity,
    signal,
  })
}

/** Beyond what every box has. */
function environmentOf(network: boolean): Record<string, string> {
  const proxy = `http://127.0.0.1:${PROXY_PORT}`
  return network ? { http_proxy: proxy, https_proxy: proxy, HTTP_PROXY: proxy, HTTPS_PROXY: proxy } : {}
}
