import type { Run } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CirclePause, CircleSlash, Copy, Pencil, Play } from 'lucide-react'
import { GLYPH } from '../../components/glyphs.ts'
import { reachedBy } from '../../components/runs/budget-words.ts'
import type { Action } from '../../lib/actions.tsx'
import { client } from '../../lib/api.ts'
import { isOver, useRefreshRuns } from '../../lib/queries.ts'
import { reportDone } from '../../lib/report.ts'

export interface RunActions {
  cancel: Action
  pause: Action
  resume: Action
  retry: Action
  undo: Action
  undoAlone: Action
  redo: Action
  anotherWay: Action
  edit: Action
  copyId: Action
}

/** Everything that can be done with a run; `when` says what makes sense in its state. */
export function useRunActions(run: Run | undefined): { actions: RunActions; busy: string | null } {
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const id = run?.id ?? ''
  const perform = useMutation({ mutationFn: async (work: { name: string; act: () => Promise<unknown> }) => work.act(), onSettled: refresh })
  const say = (name: string, act: () => Promise<unknown>) => (): void => perform.mutate({ name, act })
  const state = run?.state
  const undo = async (of: string, children = true): Promise<void> => {
    const { run: undoing } = await client.runs.undoPreview({ id: of, children })
    await navigate({ to: '/runs/$run', params: { run: undoing.id } })
  }
  const group = 'This page'
  return {
    busy: perform.isPending ? perform.variables.name : null,
    actions: {
      cancel: {
        id: 'run.cancel',
        name: 'Cancel',
        group,
        icon: CircleSlash,
        grave: true,
        when: state === 'queued' || state === 'running' || state === 'paused' || state === 'waiting',
        perform: say('cancel', () => client.runs.cancel({ id })),
      },
      pause: {
        id: 'run.pause',
        name: 'Pause',
        group,
        icon: CirclePause,
        shortcut: 'p',
        when: state === 'running',
        perform: say('pause', () => client.runs.pause({ id })),
      },
      resume: {
        id: 'run.resume',
        name: 'Resume',
        group,
        icon: Play,
        shortcut: 'p',
        when: state === 'paused' || (state === 'stopped' && reachedBy(run?.error ?? null) === null), // at a limit it needs more first
        perform: say('resume', () => client.runs.resume({ id })),
      },
      retry: {
        id: 'run.retry',
        name: 'Retry from here',
        group,
        icon: GLYPH.retry,
        when: state === 'failed',
        perform: say('retry', () => client.runs.retry({ id, ...(run?.errorPath && { step: run.errorPath }) })),
      },
      undo: {
        id: 'run.undo',
        name: run?.kind === 'undo' ? 'Redo' : 'Undo',
        group,
        icon: GLYPH.undo,
        shortcut: 'u',
        when: run !== undefined && (isOver(run.state) || run.state === 'paused') && run.undo.possible && run.undo.undoneBy === null,
        perform: say('undo', () => undo(id)),
      },
      undoAlone: {
        id: 'run.undo-alone',
        name: 'Undo, but leave what its plans did',
        group,
        icon: GLYPH.undo,
        when:
          run !== undefined &&
          isOver(run.state) &&
          run.undo.effects > 0 &&
          run.undo.undoneBy === null &&
          (run.undo.children?.effects ?? 0) > 0,
        perform: say('undo', () => undo(id, false)),
      },
      redo: {
        id: 'run.redo',
        name: 'Open what undid this',
        group,
        icon: GLYPH.undo,
        when: Boolean(run?.undo.undoneBy),
        perform: () => void navigate({ to: '/runs/$run', params: { run: run?.undo.undoneBy ?? '' } }),
      },
      anotherWay: {
        id: 'run.another-way',
        name: 'Another way',
        group,
        icon: GLYPH.plan,
        keywords: 'replan',
        when: run !== undefined && run.kind === 'run' && (state === 'failed' || state === 'stopped' || state === 'cancelled'),
        perform: () => void navigate({ to: '/goal', search: { replan: id } }),
      },
      edit: {
        id: 'run.edit',
        name: 'Edit inputs and start again',
        group,
        icon: Pencil,
        when: run !== undefined && run.kind === 'run',
        perform: () =>
          void navigate({ to: '/workflows/$plan', params: { plan: run?.plan.id ?? '' }, search: { inputs: run?.inputs ?? {} } }),
      },
      copyId: {
        id: 'run.copy',
        name: 'Copy the run’s id',
        group,
        icon: Copy,
        perform: () => void navigator.clipboard.writeText(id).then(() => reportDone('The id is copied.')),
      },
    },
  }
}
