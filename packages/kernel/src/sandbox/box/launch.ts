import { spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Identity } from '../identity.ts'
import { resourceLimits } from '../limits/resources.ts'
import { FORWARDER, FORWARDER_SCRIPT, GATE_WITH_FORWARDER, PROXY_SOCKET } from './forwarder.ts'
import { ENTER, GATE } from './gate-script.ts'
import { pin } from './pin.ts'
import type { BoxPlan, Mount } from './plan.ts'
import { profileOf } from './profile.ts'
import { coverStrays } from './strays.ts'
import { isStaged, stage } from './stage.ts'
import { track } from './track.ts'
import type { Box, Maker, Tools } from './types.ts'

export interface LaunchOptions {
  plan: BoxPlan
  identity: Identity | null
  pipe: boolean
  stdin: boolean
}

/** 0 to 3 are the program's; what bubblewrap reads and closes comes after the gate. */
const GATE_DESCRIPTOR = 4

/** Programs of the launch itself, inside. */
export const INNER = { shell: '/life-os/bin/sh', prlimit: '/life-os/bin/prlimit', node: '/life-os/bin/node' }

/** Error: `box-failed` where it cannot even be tried. */
export function launch(maker: Maker, { plan: asked, identity, pipe, stdin }: LaunchOptions): Box {
  const plan = withForwarder(asked)
  const opened: number[] = []
  const group = maker.groups.make(plan.limits)
  try {
    const inherit = (descriptor: number): number => {
      opened.push(descriptor)
      return GATE_DESCRIPTOR + opened.length
    }
    const staged = stage({ ...plan, mounts: [...plan.mounts, ...ownMounts(maker.tools, plan)] }, identity, maker.tools)
    const descriptors = {
      seccomp: inherit(maker.filter.open()),
      files: plan.files.map(({ content }) => inherit(content.open())),
      pinned: new Map(maker.pins ? staged.plan.mounts.filter(isPinned).map((mount) => [mount, inherit(pin(mount))]) : []),
    }
    const inner = [INNER.shell, '-c', ...gate(plan), INNER.prlimit, ...resourceLimits(plan.limits), '--', ...plan.program]
    const box = [maker.tools.bubblewrap, ...profileOf({ ...staged.plan, program: inner }, maker.system, descriptors)]
    const command = [...enter(maker.tools, group.doors), ...staged.command, ...become(maker.tools, identity), ...box]
    const child = spawn(command[0]!, command.slice(1), {
      cwd: '/',
      // NODE_V8_COVERAGE is handed down by Node itself unless it is named here.
      env: process.env['NODE_V8_COVERAGE'] === undefined ? {} : { NODE_V8_COVERAGE: undefined },
      detached: true,
      stdio: coverStrays([stdin ? 'pipe' : 'ignore', 'pipe', 'pipe', pipe ? 'pipe' : 'ignore', 'pipe', ...opened], maker.strays),
    })
    return track(child, group)
  } catch (thrown) {
    void group.remove()
    throw thrown
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

/** What is staged already lies where only root can change it. */
const isPinned = ({ pinned, from }: Mount) => pinned === true && !isStaged(from)

const ownMounts = (tools: Tools, { proxy }: BoxPlan): Mount[] => [
  { from: tools.shell, to: INNER.shell, access: 'read' },
  { from: tools.prlimit, to: INNER.prlimit, access: 'read' },
  { from: tools.node, to: INNER.node, access: 'read' },
  ...(proxy === null ? [] : [{ from: proxy.socket, to: PROXY_SOCKET, access: 'read' } as const]),
]

function gate({ proxy }: BoxPlan): string[] {
  if (proxy === null) return [GATE, 'life-os']
  return [GATE_WITH_FORWARDER, 'life-os', INNER.node, FORWARDER_SCRIPT, PROXY_SOCKET, String(proxy.port)]
}

function withForwarder(plan: BoxPlan): BoxPlan {
  if (plan.proxy === null) return plan
  const { memory, pids } = plan.limits
  return { ...plan, limits: { ...plan.limits, memory: memory + FORWARDER.memory, pids: pids + FORWARDER.pids } }
}

function enter(tools: Tools, doors: readonly string[]): string[] {
  return doors.length === 0 ? [] : [tools.shell, '-c', ENTER, 'life-os', ...doors, '--']
}

/** Only root can, and only root must. */
function become({ setpriv }: Tools, identity: Identity | null): string[] {
  if (!identity || setpriv === null) return []
  return [setpriv, `--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--clear-groups', '--no-new-privs', '--']
}
