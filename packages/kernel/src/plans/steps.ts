import { stepKind, type Step } from '@life-os/contract'

/** A list of steps inside a step, and where it stands below it. */
export interface ChildList {
  steps: readonly Step[]
  path: readonly (string | number)[]
  role: 'body' | 'case' | 'else' | 'fallback'
  index: number
}

/** The lists of steps that a step holds, in source order. */
export function childLists(step: Step): readonly ChildList[] {
  const lists: ChildList[] = []
  if ('steps' in step) lists.push({ steps: step.steps, path: ['steps'], role: 'body', index: 0 })
  if ('group' in step) lists.push({ steps: step.group, path: ['group'], role: 'body', index: 0 })
  if ('branch' in step) {
    step.branch.forEach((side, index) => lists.push({ steps: side.steps, path: ['branch', index, 'steps'], role: 'case', index }))
    if (step.else) lists.push({ steps: step.else, path: ['else'], role: 'else', index: step.branch.length })
  }
  const onError = step['on-error']
  if (typeof onError === 'object') lists.push({ steps: onError.fallback, path: ['on-error', 'fallback'], role: 'fallback', index: 0 })
  return lists
}

/** A template of a step, where it stands, and what it is for. */
export interface StepTemplate {
  path: readonly (string | number)[]
  value: unknown
  field: string
}

/** Every template of a step itself, not of the steps inside it. */
export function templatesOf(step: Step): readonly StepTemplate[] {
  const found: StepTemplate[] = []
  const add = (field: string, value: unknown, path: readonly (string | number)[] = [field]) => {
    if (value !== undefined) found.push({ path, value, field })
  }
  add('when', step.when)
  add('require', step.require)
  add('ensure', step.ensure)
  add('key', step.key)
  switch (stepKind(step)) {
    case 'tool':
    case 'agent':
    case 'plan':
      add('input', 'input' in step ? step.input : undefined)
      break
    case 'each':
      add('each', 'each' in step ? step.each : undefined)
      break
    case 'while':
      add('while', 'while' in step ? step.while : undefined)
      break
    case 'branch':
      if ('branch' in step) step.branch.forEach((side, index) => add('branch', side.when, ['branch', index, 'when']))
      break
    case 'set':
      add('set', 'set' in step ? step.set : undefined)
      break
    case 'approve':
      add('approve', 'approve' in step ? step.approve : undefined)
      break
    case 'wait':
      if ('wait' in step)
        for (const [field, value] of Object.entries(step.wait)) if (field !== 'timeout') add('wait', value, ['wait', field])
      break
    case 'group':
      break
  }
  return found
}

/** Every text of a template that could hold expressions, with its place. */
export function textsOf(value: unknown, path: readonly (string | number)[] = []): { text: string; path: readonly (string | number)[] }[] {
  const found: { text: string; path: readonly (string | number)[] }[] = []
  const stack = [{ value, path }]
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (typeof next.value === 'string') {
      if (next.value.includes('${{')) found.push({ text: next.value, path: next.path })
    } else if (typeof next.value === 'object' && next.value !== null) {
      const at = next.path
      const entries: [string | number, unknown][] = Array.isArray(next.value)
        ? next.value.map((item: unknown, index) => [index, item])
        : Object.entries(next.value)
      for (const [key, item] of entries.toReversed()) stack.push({ value: item, path: [...at, key] })
    }
  }
  return found
}
