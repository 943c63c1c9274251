import type { Run } from '@life-os/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { client } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'
import { planIdFrom } from './plan-id.ts'

/** Keeps this plan with these inputs under a name of its own. */
export function SaveAsWorkflow({ run }: { run: Run }) {
  const [open, setOpen] = useState(false)
  const [name, setName] = useState(`${run.plan.name}, my way`)
  const id = planIdFrom(name)
  const save = useMutation({
    mutationFn: async () => {
      const { plan } = await client.runs.plan({ id: run.id })
      const inputs = Object.fromEntries(
        Object.entries(plan.inputs).map(([key, input]) => [key, key in run.inputs ? { ...input, default: run.inputs[key] } : input]),
      )
      return client.plans.save({ plan: { ...plan, id, name: name.trim(), version: '1.0.0', inputs } })
    },
    onSuccess: ({ plan }) => {
      setOpen(false)
      reportDone(`“${plan.name}” is among your workflows.`)
    },
  })
  return (
    <>
      <Button large onClick={() => setOpen(true)} className="phone:flex-1">
        Save as workflow
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Save as a workflow"
        description="The same steps, with these inputs filled in."
        footer={
          <>
            <Button large onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button large tone="accent" icon={GLYPH.plan} busy={save.isPending} disabled={id === ''} onClick={() => save.mutate()}>
              Save
            </Button>
          </>
        }
      >
        <form className="p-4" onSubmit={(event) => (event.preventDefault(), id !== '' && save.mutate())}>
          <Field
            label="Name"
            help={id ? `Its id will be ${id}.` : undefined}
            error={id === '' ? 'Begin the name with a letter.' : undefined}
          >
            {(ids) => <TextInput {...ids} autoFocus value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />}
          </Field>
        </form>
      </Dialog>
    </>
  )
}
