import type { Isolation } from '@life-os/contract'
import type { Maker, Tools } from './box/types.ts'
import { lookAtSystem } from './box/profile.ts'
import { findStrays } from './box/strays.ts'
import { usersOf } from './exec-box.ts'
import { execPlain } from './exec-plain.ts'
import { execInBox } from './exec.ts'
import { sandboxMissing } from './faults.ts'
import { createIdentities } from './identity.ts'
import type { Identity } from './identity.ts'
import { createGroups, noGroups } from './limits/groups.ts'
import type { Groups } from './limits/groups.ts'
import { findHierarchies } from './limits/hierarchies.ts'
import { boxedPlugins } from './plugin-box.ts'
import { knowsPins, mendFor, probe } from './probe.ts'
import { seal } from './sealed.ts'
import { encode, filterFor } from './seccomp/index.ts'
import { createSharedCopies } from './shared-copies.ts'
import { serveInBox } from './serve.ts'
import { spawnPlugin } from './spawn-plugin.ts'
import { findTools } from './tools.ts'
import type { Sandbox } from './types.ts'

export interface SandboxOptions {
  /** Where bubblewrap and the programs it needs are looked for; default the system's folders. */
  folders?: readonly string[]
}

/** Sees what this machine can do, in some 30 ms, and never fails: without boxes it says so in `isolation`. */
export async function createSandbox({ folders }: SandboxOptions = {}): Promise<Sandbox> {
  if (process.platform !== 'linux') return withoutBoxes('bubblewrap needs Linux', null)
  const filter = filterFor(process.arch)
  if (!filter) return withoutBoxes(`the system calls of ${process.arch} are not known`, null)
  const tools = findTools(process.getuid?.() === 0, folders)
  if ('missing' in tools) return withoutBoxes(`${tools.missing} is not installed`, mendFor(tools.missing))
  try {
    return await openBoxes(tools, encode(filter))
  } catch (error) {
    return withoutBoxes(`a box could not be made: ${error instanceof Error ? error.message : String(error)}`, mendFor(null))
  }
}

async function openBoxes(tools: Tools, filter: Uint8Array): Promise<Sandbox> {
  await using stack = new AsyncDisposableStack()
  const identities = createIdentities()
  const { shared: identity } = identities
  const copies = stack.use(createSharedCopies(identity))
  const maker = await raise(
    {
      tools: { ...tools, node: copies.of(tools.node) },
      system: lookAtSystem(),
      filter: stack.use(seal(filter)),
      strays: stack.use(findStrays()),
      groups: findGroups(),
      pins: false,
    },
    identity,
  )
  const own = identity ?? { uid: process.getuid!(), gid: process.getgid!() } // Linux has both
  const users = usersOf(own, (text) => stack.use(seal(text)))
  const owned = stack.move()
  return {
    isolation: { level: 'bubblewrap', reason: null, mend: null, uid: own.uid, cgroup: maker.groups.held },
    identity,
    ownsFiles: identity === null,
    spawnPlugin: boxedPlugins(maker, identities, copies),
    exec: (request, signal) => execInBox({ maker, identity, users }, request, signal),
    serve: (request) => serveInBox({ maker, identity, users }, request),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The walls that hold here: with control groups, or without where only they fail. Throws where no box can be made. */
async function raise(maker: Maker, identity: Identity | null): Promise<Maker> {
  const [reason, pins] = await Promise.all([probe(maker, identity), knowsPins(maker.tools.bubblewrap)])
  if (reason === null) return { ...maker, pins }
  const bare = { ...maker, groups: noGroups, pins }
  if (maker.groups.held && (await probe(bare, identity)) === null) return bare
  throw new Error(reason)
}

function findGroups(): Groups {
  try {
    return createGroups(findHierarchies())
  } catch {
    return noGroups // a system without control groups, or with something else in their place
  }
}

/** Fails closed: commands are refused; plugins have Node's permissions, the next best. */
function withoutBoxes(reason: string, mend: string | null): Sandbox {
  const isolation: Isolation = { level: 'permissions', reason, mend, uid: process.getuid?.() ?? null, cgroup: false }
  return {
    isolation,
    identity: null,
    ownsFiles: true,
    spawnPlugin,
    exec: async (request, signal, options) => {
      if (options?.unsandboxed !== true) throw sandboxMissing(reason, mend)
      return execPlain(request, signal)
    },
    serve: () => {
      throw sandboxMissing(reason, mend)
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}
