import type { Step } from '@life-os/contract'

/** A step under another id; where it reads itself, in `ensure`, it reads itself by that. */
export function renamedSelf(step: Step, id: string): Step {
  const own = new RegExp(`\\bsteps\\.${step.id}(?![a-zA-Z0-9_])`, 'g')
  const renamed = { ...step, id }
  return step.ensure === undefined ? renamed : { ...renamed, ensure: step.ensure.replaceAll(own, `steps.${id}`) }
}
