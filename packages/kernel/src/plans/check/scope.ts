import type { Plan, Step } from '@life-os/contract'
import { childLists, type ChildList } from '../steps.ts'
import type { Path } from './faults.ts'
import type { TypeScope } from './infer.ts'
import { INT, nullable, recordOf, TEXT, type Type } from './types.ts'
import { didYouMean, some } from './words.ts'

/** A step with its place: the scope its own expressions see. */
export interface Entry {
  step: Step
  path: Path
  scope: PlaceScope
}
/** What a scope has to ask of the check it belongs to. */
export interface Outputs {
  outputOf(entry: Entry): Type
  itemOf(entry: Entry): Type
  readonly entries: ReadonlyMap<string, Entry>
}

const RUN: Type = recordOf([
  ['id', TEXT],
  ['startedAt', INT],
])

/** The names visible in one list of steps: its siblings, the lists around it, and the loop variables of the containers around it. */
export class PlaceScope implements TypeScope {
  readonly inputs: Type
  readonly parent: PlaceScope | undefined
  /** The container whose list this is; undefined at the top. */
  readonly owner: Entry | undefined
  readonly list: ChildList | undefined
  readonly siblings: ReadonlyMap<string, Step>
  readonly #outputs: Outputs

  constructor(options: { inputs: Type; outputs: Outputs; steps: readonly Step[]; owner?: Entry; list?: ChildList }) {
    this.inputs = options.inputs
    this.#outputs = options.outputs
    this.owner = options.owner
    this.list = options.list
    this.parent = options.owner?.scope
    this.siblings = new Map(options.steps.map((step) => [step.id, step]))
  }

  step(id: string): { type: Type } | { code: string; message: string } {
    const entry = this.#outputs.entries.get(id)
    if (entry && this.#sees(id)) return { type: this.#outputs.outputOf(entry) }
    if (!entry)
      return {
        code: 'step-unknown',
        message: `there is no step \`${id}\`${didYouMean(id, this.#outputs.entries.keys()) || ` (steps are ${some(this.#outputs.entries.keys())})`}`,
      }
    const container = this.#containerToRead(entry)
    return {
      code: 'step-unreachable',
      message: `step \`${id}\` stands inside \`${container}\` and cannot be read from here: read \`steps.${container}\``,
    }
  }

  /** The entry that owns a loop variable seen from here. */
  loop(name: string): Entry | undefined {
    for (const scope of outwards(this)) {
      const owner = scope.owner
      if (owner && scope.list?.role === 'body' && variablesOf(owner.step).includes(name)) return owner
    }
    return undefined
  }

  variable(name: string): Type | undefined {
    if (name === 'run') return RUN
    const owner = this.loop(name)
    if (!owner) return undefined
    if (name === 'index') return INT
    return name === 'last' ? nullable(this.#recordOfChildren(owner)) : this.#outputs.itemOf(owner)
  }

  names(): readonly string[] {
    const names = ['run']
    for (const scope of outwards(this)) {
      if (scope.owner && scope.list?.role === 'body') names.push(...variablesOf(scope.owner.step))
    }
    return names
  }

  #sees(id: string): boolean {
    return outwards(this).some((scope) => scope.siblings.has(id))
  }

  /** The outermost container around a hidden step that can be seen from here. */
  #containerToRead(entry: Entry): string {
    let owner = entry.scope.owner
    while (owner && !this.#sees(owner.step.id) && owner.scope.owner) owner = owner.scope.owner
    return owner?.step.id ?? entry.step.id
  }

  #recordOfChildren(owner: Entry): Type {
    return childrenType(owner, this.#outputs)
  }
}

/** A scope and those around it, the nearest first. */
function* outwards(from: PlaceScope): Generator<PlaceScope> {
  for (let scope: PlaceScope | undefined = from; scope; scope = scope.parent) yield scope
}

/** The loop variables that a container gives to the steps inside it. */
export function variablesOf(step: Step): readonly string[] {
  if ('each' in step) return [step.as, 'index']
  return 'while' in step ? ['index', 'last'] : []
}

/** The record of a container's children; those of a branch are null when their side was not taken. */
export function childrenType(owner: Entry, outputs: Outputs): Type {
  const lists = childLists(owner.step).filter((list) => list.role !== 'fallback')
  const fields = lists.flatMap((list) =>
    list.steps.map((child) => {
      const entry = outputs.entries.get(child.id)
      const type = entry ? outputs.outputOf(entry) : nullable(TEXT)
      return [child.id, list.role === 'body' ? type : nullable(type)] as const
    }),
  )
  return recordOf(fields)
}

/** Every step of a plan with its scope, by id; an id's second use is reported and left out. */
export function indexSteps(
  plan: Plan,
  inputs: Type,
  outputs: Outputs,
  doubled: (step: Step, path: Path, first: Entry) => void,
): { entries: Map<string, Entry>; root: PlaceScope; all: readonly Entry[] } {
  const entries = new Map<string, Entry>()
  const all: Entry[] = []
  const root = new PlaceScope({ inputs, outputs, steps: plan.steps })
  const add = (steps: readonly Step[], path: Path, scope: PlaceScope): void => {
    steps.forEach((step, index) => {
      const entry = { step, path: [...path, index], scope }
      const first = entries.get(step.id)
      if (first) doubled(step, entry.path, first)
      else entries.set(step.id, entry)
      all.push(entry)
      for (const list of childLists(step))
        add(list.steps, [...entry.path, ...list.path], new PlaceScope({ inputs, outputs, steps: list.steps, owner: entry, list }))
    })
  }
  add(plan.steps, ['steps'], root)
  return { entries, root, all }
}
