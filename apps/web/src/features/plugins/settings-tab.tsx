import type { Plugin } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card } from '../../components/page.tsx'
import { faultsIn, formFields, sentFields, shownValues } from '../../components/schema-form/form-fields.ts'
import type { Filled } from '../../components/schema-form/form-fields.ts'
import { SchemaForm } from '../../components/schema-form/schema-form.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'

/** A plugin's settings, laid out from its manifest. */
export function SettingsTab({ plugin }: { plugin: Plugin }) {
  const settings = useQuery({
    ...api.plugins.settings.queryOptions({ input: { id: plugin.manifest.id } }),
    refetchOnWindowFocus: false,
  })
  if (settings.isPending) return <SkeletonRows rows={4} label="Loading the settings" />
  if (settings.error) return <Failure error={requestError(settings.error)} onRetry={() => void settings.refetch()} quiet />
  const schema = settings.data.schema ?? plugin.manifest.settings
  if (!schema)
    return (
      <Empty icon={GLYPH.settings} title="Nothing to set" quiet>
        This plugin has no settings.
      </Empty>
    )
  return <SettingsForm key={JSON.stringify(settings.data.values)} id={plugin.manifest.id} schema={schema} stored={settings.data.values} />
}

function SettingsForm({ id, schema, stored }: { id: string; schema: Record<string, unknown>; stored: Record<string, unknown> }) {
  const queries = useQueryClient()
  const fields = formFields(schema)
  const first = shownValues(fields, stored)
  const [filled, setFilled] = useState<Filled>(first)
  const [tried, setTried] = useState(false)
  const changed = JSON.stringify(filled) !== JSON.stringify(first)
  const faults = faultsIn(fields, filled)
  const save = useMutation({
    mutationFn: () => client.plugins.setSettings({ id, values: sentFields(fields, filled) }),
    onSuccess: () => reportDone('The settings are kept.'),
    onSettled: () => queries.invalidateQueries({ queryKey: api.plugins.settings.key() }),
    meta: { quiet: true },
  })
  const submit = (): void => {
    setTried(true)
    if (Object.keys(faults).length === 0 && !save.isPending) save.mutate()
  }
  useActions([
    { id: 'settings.save', name: 'Save the settings', group: 'This page', shortcut: 'mod+enter', when: changed, perform: submit },
  ])
  const leaving = useBlocker({ shouldBlockFn: () => changed && !save.isPending, withResolver: true, enableBeforeUnload: () => changed })
  return (
    <Card className="p-4 phone:p-3">
      <form className="flex flex-col gap-4" aria-label="Settings" onSubmit={(event) => (event.preventDefault(), submit())}>
        {save.error ? (
          <p role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
            {requestError(save.error).message}
          </p>
        ) : null}
        <SchemaForm fields={fields} filled={filled} onFilled={setFilled} faults={tried ? faults : {}} />
        <div className="flex items-center gap-2 border-t border-line pt-4">
          <Button type="submit" large tone="accent" keys="mod+enter" disabled={!changed} busy={save.isPending}>
            Save
          </Button>
          <Button large disabled={!changed} onClick={() => setFilled(first)}>
            Put back
          </Button>
        </div>
      </form>
      <Confirm
        open={leaving.status === 'blocked'}
        onOpenChange={(open) => open || leaving.reset?.()}
        title="Leave without saving?"
        message="What you changed here is not kept yet."
        confirm="Leave"
        onConfirm={() => leaving.proceed?.()}
      />
    </Card>
  )
}
