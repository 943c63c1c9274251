import type { Plugin } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CirclePause, Play, RefreshCw, RotateCw, Trash2 } from 'lucide-react'
import type { Action } from '../../lib/actions.tsx'
import { api, client } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'
import { updateWord } from './plugin-words.ts'

export interface PluginActions {
  enable: Action
  disable: Action
  restart: Action
  update: Action
  remove: Action
}

/** What can be done with a plugin; `when` says what makes sense in its state. */
export function usePluginActions(plugin: Plugin, onRemove: () => void): { actions: PluginActions; busy: string | null } {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const id = plugin.manifest.id
  const { name } = plugin.manifest
  const off = plugin.state === 'disabled' || plugin.state === 'quarantined'
  const work = useMutation({
    mutationFn: async ({ act }: { name: string; act: () => Promise<unknown> }) => act(),
    onSettled: () => Promise.all([api.plugins.key(), api.tools.key()].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  const perform = (what: string, act: () => Promise<unknown>) => (): void => work.mutate({ name: what, act })
  const update = async (): Promise<void> => {
    const { pending } = await client.plugins.update({ id })
    if (!pending) return reportDone(`${name} is as new as where it came from.`)
    await navigate({ to: '/plugins', search: { plugin: id, review: true } })
  }
  const group = 'This page'
  return {
    busy: work.isPending ? work.variables.name : null,
    actions: {
      enable: {
        id: 'plugin.enable',
        name: 'Enable',
        group,
        icon: Play,
        when: off,
        perform: perform('enable', () => client.plugins.enable({ id })),
      },
      disable: {
        id: 'plugin.disable',
        name: 'Disable',
        group,
        icon: CirclePause,
        grave: true,
        when: !off && plugin.state !== 'waiting' && plugin.state !== 'refused',
        perform: perform('disable', () => client.plugins.disable({ id })),
      },
      restart: {
        id: 'plugin.restart',
        name: plugin.labels.length > 0 ? 'Restart clean, without labels' : 'Restart clean',
        group,
        icon: RotateCw,
        when: !off && plugin.state !== 'waiting' && plugin.state !== 'refused',
        perform: perform('restart', async () => {
          await client.plugins.restart({ id })
          reportDone(`${name} has a new process. No call was lost.`)
        }),
      },
      update: {
        id: 'plugin.update',
        name: updateWord(plugin.source) ?? 'Look for an update',
        group,
        icon: RefreshCw,
        when: updateWord(plugin.source) !== null,
        perform: perform('update', update),
      },
      remove: { id: 'plugin.remove', name: 'Remove', group, icon: Trash2, grave: true, when: !plugin.bundled, perform: onRemove },
    },
  }
}
