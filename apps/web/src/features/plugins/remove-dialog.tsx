import type { Plugin } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'

/** Asks before a plugin goes. What it kept stays, unless a person says otherwise. */
export function RemoveDialog({ plugin, onClose }: { plugin: Plugin; onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [data, setData] = useState(false)
  const { id, name } = plugin.manifest
  const remove = useMutation({
    mutationFn: () => client.plugins.remove({ id, data }),
    onSuccess: async () => {
      onClose()
      reportDone(data ? `${name} and its data are gone.` : `${name} is gone; its data is kept.`)
      await navigate({ to: '/plugins', search: {}, replace: true })
    },
    onSettled: () => Promise.all([api.plugins.key(), api.tools.key()].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={`Remove ${name}?`}
      description="Its tools go with it. Workflows that use them stop at that step; past runs stay as they are."
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone={data ? 'final' : 'accent'} busy={remove.isPending} onClick={() => remove.mutate()}>
            {data ? 'Remove with its data' : 'Remove'}
          </Button>
        </>
      }
    >
      <div className="p-4">
        <TickRow
          checked={data}
          onChange={setData}
          label="Delete its data too"
          help="Its settings and what it kept. Otherwise they are there again if you install it again."
        />
      </div>
    </Dialog>
  )
}
