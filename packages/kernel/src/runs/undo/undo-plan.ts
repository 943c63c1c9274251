import { LifeOsError, type EffectRecord, type Plan, type StartUndo } from '@life-os/contract'
import { COMPENSATE, REPEAT, RESTORE } from '../calls/inner-tools.ts'

export interface UndoPlan {
  plan: Plan
  inputs: Record<string, unknown>
  final: EffectRecord[]
}

/** A plan that takes effects back, newest first. Final effects are listed and left. */
export function undoPlanFor(name: string, effects: readonly EffectRecord[], options: StartUndo): UndoPlan {
  const chosen = effects.filter((effect) => !options.effects || options.effects.includes(effect.id))
  const standing = chosen.filter((effect) => effect.state === 'finished' || effect.state === 'started').toReversed()
  const final = standing.filter((effect) => effect.change.reversal === 'none')
  const restorable = standing.filter((effect) => effect.change.reversal !== 'none')
  if (restorable.length === 0) {
    const why = final.length > 0 ? 'Everything this run did is final.' : 'This run has nothing left to undo.'
    throw new LifeOsError('undo-empty', why)
  }
  const items = restorable.map((effect) => ({ effect: effect.id, how: howToUndo(effect) }))
  return { plan: planOf(name), inputs: { items, conflicts: options.conflicts }, final }
}

function howToUndo(effect: EffectRecord): 'restore' | 'compensate' | 'repeat' {
  if (effect.change.reversal === 'exact') return 'restore'
  return effect.tool === COMPENSATE ? 'repeat' : 'compensate'
}

function planOf(name: string): Plan {
  const item = {
    type: 'record' as const,
    fields: { effect: { type: 'text' as const }, how: { type: 'choice' as const, choices: ['restore', 'compensate', 'repeat'] } },
  }
  return {
    id: 'undo',
    name: `Undo: ${name}`.slice(0, 200),
    version: '1.0.0',
    inputs: { items: { type: 'list', of: item }, conflicts: { type: 'choice', choices: ['skip', 'overwrite', 'keep-both'] } },
    steps: [
      {
        id: 'back',
        each: '${{ inputs.items }}',
        as: 'item',
        concurrency: 1,
        steps: [
          {
            id: 'restore',
            when: "${{ item.how == 'restore' }}",
            tool: RESTORE,
            input: { effect: '${{ item.effect }}', conflicts: '${{ inputs.conflicts }}' },
          },
          { id: 'compensate', when: "${{ item.how == 'compensate' }}", tool: COMPENSATE, input: { effect: '${{ item.effect }}' } },
          { id: 'repeat', when: "${{ item.how == 'repeat' }}", tool: REPEAT, input: { effect: '${{ item.effect }}' } },
        ],
      },
    ],
    outputs: {
      restored: '${{ steps.back.filter(r, r.restore != null && r.restore.restored).size() }}',
      conflicts: '${{ steps.back.filter(r, r.restore != null && r.restore.conflict != null).map(r, r.restore.conflict) }}',
    },
  }
}
