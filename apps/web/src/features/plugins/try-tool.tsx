import type { ToolDescription } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { faultsIn, formFields, record, shownValues } from '../../components/schema-form/form-fields.ts'
import type { Filled } from '../../components/schema-form/form-fields.ts'
import { SchemaForm } from '../../components/schema-form/schema-form.tsx'
import { client, requestError } from '../../lib/api.ts'
import { useRefreshRuns } from '../../lib/queries.ts'
import { trialOf } from './try-plan.ts'

/** A tool's input as a form. Sending it makes a plan of one step, which is previewed and asks before it does anything. */
export function TryTool({ tool }: { tool: ToolDescription }) {
  const navigate = useNavigate()
  const refresh = useRefreshRuns()
  const fields = formFields(tool.input)
  const [filled, setFilled] = useState<Filled>(() => shownValues(fields, record(tool.examples[0]?.input)))
  const [tried, setTried] = useState(false)
  const faults = faultsIn(fields, filled)
  const start = useMutation({
    mutationFn: () => client.runs.start({ ...trialOf(tool, fields, filled), mode: 'draft' }),
    onSuccess: (run) => {
      refresh()
      return navigate({ to: '/runs/$run', params: { run: run.id } })
    },
    meta: { quiet: true },
  })
  const failure = start.error ? requestError(start.error) : null
  return (
    <form
      aria-label={`Try ${tool.title}`}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (Object.keys(faults).length === 0 && !start.isPending) start.mutate()
      }}
    >
      {fields.length === 0 ? <p className="text-ink-faint">It takes nothing.</p> : null}
      <SchemaForm fields={fields} filled={filled} onFilled={setFilled} faults={tried ? faults : {}} />
      {failure ? (
        <div role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
          <p>{failure.message}</p>
          {failure.errors.map((each, index) => (
            <p key={index} className="text-12">
              {String(each['path'] ?? '')} {String(each['message'] ?? '')}
            </p>
          ))}
        </div>
      ) : null}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" large tone="accent" icon={Eye} busy={start.isPending}>
          Preview
        </Button>
        <p className="text-ink-faint">Shows what it would do. Nothing is touched until you approve.</p>
      </div>
    </form>
  )
}
