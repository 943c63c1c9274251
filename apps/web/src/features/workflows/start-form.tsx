import type { Plan, StoredPlan } from '@life-os/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useBlocker, useNavigate } from '@tanstack/react-router'
import { Eye, Play } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card } from '../../components/page.tsx'
import { useActions } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { useRefreshRuns } from '../../lib/queries.ts'
import { InputField } from './input-field.tsx'
import { faultsOf, firstValues, sentValues } from './inputs.ts'
import type { Faults, Values } from './inputs.ts'
import { missingPlaces } from './missing-places.ts'

/** The inputs of a plan as a form; a preview comes before a start. */
export function StartForm({ stored, given }: { stored: StoredPlan; given: Values }) {
  const { plan } = stored
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const settings = useQuery(api.settings.get.queryOptions())
  const [values, setValues] = useState<Values>(() => firstValues(plan.inputs, given))
  const [touched, setTouched] = useState(false)
  const [tried, setTried] = useState(false)
  const [missing, setMissing] = useState<{ said: string; faults: Faults } | null>(null)
  const leaving = useRef(false)
  const mode = settings.data?.mode ?? 'draft'
  const faults = faultsOf(plan.inputs, values)
  const good = Object.keys(faults).length === 0
  const said = JSON.stringify(values)
  const asked = missing?.said === said ? missing.faults : {}
  const open = (run: string): void => {
    leaving.current = true
    refresh()
    void navigate({ to: '/runs/$run', params: { run } })
  }
  const preview = useMutation({
    // A draft answers at once and previews by itself, so that its page can show how far it is.
    mutationFn: async () => {
      const absent = missing?.said === said ? {} : await missingPlaces(plan.inputs, values)
      setMissing({ said, faults: absent })
      return Object.keys(absent).length > 0
        ? null
        : client.runs.start({ plan: plan.id, inputs: sentValues(plan.inputs, values), mode: 'draft' })
    },
    onSuccess: (run) => run && open(run.id),
    meta: { quiet: true },
  })
  const start = useMutation({
    mutationFn: () => client.runs.start({ plan: plan.id, inputs: sentValues(plan.inputs, values), mode }),
    onSuccess: (run) => open(run.id),
    meta: { quiet: true },
  })
  const busy = preview.isPending || start.isPending
  const submit = (): void => {
    setTried(true)
    if (good && !busy) preview.mutate()
  }
  const blocker = useBlocker({
    shouldBlockFn: () => touched && !leaving.current,
    withResolver: true,
    enableBeforeUnload: () => touched && !leaving.current,
  })
  useActions([
    { id: 'workflow.preview', name: 'Preview', group: 'This page', icon: Eye, shortcut: 'mod+enter', when: !busy, perform: submit },
  ])
  const error = preview.error ?? start.error
  const failure = error ? requestError(error) : null
  const entries = Object.entries(plan.inputs)
  return (
    <form className="flex flex-col gap-5" onSubmit={(event) => (event.preventDefault(), submit())}>
      <Card className="flex flex-col gap-4 p-4">
        {entries.length === 0 ? (
          <p className="text-ink-faint">This workflow needs no inputs.</p>
        ) : (
          entries.map(([name, input], index) => (
            <InputField
              key={name}
              name={name}
              input={input}
              value={values[name]}
              fault={tried ? (faults[name] ?? asked[name]) : undefined}
              focus={index === 0 && given[name] === undefined}
              onChange={(value) => {
                setTouched(true)
                setValues((now) => ({ ...now, [name]: value }))
              }}
            />
          ))
        )}
      </Card>
      {failure ? (
        <div role="alert" className="flex gap-2 rounded-control bg-remove-soft p-3 text-remove">
          <Icon of={GLYPH.warning} className="mt-0.5" />
          <div>
            <p className="font-medium">{failure.message}</p>
            {failure.errors.map((each, index) => (
              <p key={index} className="text-12">
                {String(each['path'] ?? '')} {String(each['message'] ?? '')}
              </p>
            ))}
            <p className="text-12">Nothing was changed.</p>
          </div>
        </div>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          type="submit"
          tone="accent"
          large
          icon={Eye}
          keys="mod+enter"
          busy={preview.isPending}
          autoFocus={Object.keys(given).length > 0}
        >
          Preview
        </Button>
        {mode === 'autopilot' ? (
          <Button
            large
            icon={Play}
            busy={start.isPending}
            disabled={preview.isPending}
            onClick={() => (setTried(true), good && start.mutate())}
          >
            Start on autopilot
          </Button>
        ) : null}
        <p className="text-ink-faint">
          {preview.isPending ? 'Looking at what would change …' : 'Shows every change. Nothing is touched until you approve.'}
        </p>
      </div>
      <Budget plan={plan} />
      <Confirm
        open={blocker.status === 'blocked'}
        onOpenChange={(stay) => stay || blocker.reset?.()}
        title="Leave without starting?"
        message="What you filled in is not kept."
        confirm="Leave"
        onConfirm={() => blocker.proceed?.()}
      />
    </form>
  )
}

function Budget({ plan }: { plan: Plan }) {
  const limits = Object.entries(plan.budget ?? {})
  if (limits.length === 0) return null
  return (
    <p className="text-12 text-ink-faint">
      Stops by itself at{' '}
      {limits
        .map(([name, value]) =>
          name === 'time' || name === 'deadline' || name === 'money' ? String(value) : `${Number(value).toLocaleString('en')} ${name}`,
        )
        .join(', ')}
      .
    </p>
  )
}
