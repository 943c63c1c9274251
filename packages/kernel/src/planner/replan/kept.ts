import type { Step } from '@life-os/contract'
import { childLists } from '../../plans/index.ts'

/** A step at its place, without the steps inside it: what must stay as it is when a model changes the rest of a plan. */
export interface Kept {
  path: string
  step: Record<string, unknown>
}

/** All steps of a plan at their places. */
export function placed(steps: readonly Step[], parent = ''): Kept[] {
  return steps.flatMap((step) => {
    const path = `${parent}/${step.id}`
    const inner = childLists(step).flatMap((list) => placed(list.steps, `${path}/${list.path.join('.')}`))
    return [{ path, step: bare(step) }, ...inner]
  })
}

function bare(step: Step): Record<string, unknown> {
  const { steps: _body, group: _group, else: _else, ...own } = step as Step & Record<string, unknown> // one of them is there at most
  const sides = 'branch' in step ? { branch: step.branch.map(({ when }) => when) } : {}
  const onError = typeof step['on-error'] === 'object' ? { 'on-error': 'fallback' } : {}
  return { ...own, ...sides, ...onError }
}

/** What stands for finished work, with all that it stands in: `made` are ids of steps that recall, guard or ask. */
export function keptOf(steps: readonly Step[], made: ReadonlySet<string>): Kept[] {
  const all = placed(steps)
  const own = all.filter(({ step }) => made.has(String(step['id'])))
  return all.filter(({ path }) => own.some((one) => one.path === path || one.path.startsWith(`${path}/`)))
}
