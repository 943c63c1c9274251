import type { Agent } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field, TextArea, TextInput } from '../../components/field.tsx'
import { api, client, requestError } from '../../lib/api.ts'

const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 60)

/** Begins an agent with the least it needs; tools and limits follow on its page. */
export function NewAgent({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [told, setTold] = useState('')
  const id = idOf(name)
  const make = useMutation({
    mutationFn: () =>
      client.agents.save({
        id,
        agent: {
          id,
          name: name.trim(),
          version: '1.0.0',
          description: '',
          instructions: told.trim(),
          tools: [],
          agents: [],
          plans: false,
          review: true,
          memory: 'thread',
          limits: { rounds: 24, parallel: 4 },
          examples: [],
        } satisfies Agent,
      }),
    onSuccess: () => {
      onClose()
      onMade(id)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: api.agents.key() }),
    meta: { quiet: true },
  })
  const ready = id !== '' && told.trim() !== '' && !make.isPending
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="A new agent"
      description="It begins without tools and with review on: it asks before each call."
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" disabled={!ready} busy={make.isPending} onClick={() => make.mutate()}>
            Make it
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), ready && make.mutate())}>
        <Field label="Name" help={id === '' ? 'For example: Bookkeeper' : `Its id is ${id}.`}>
          {(ids) => <TextInput {...ids} autoFocus value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="What it is told" help="What it is for, when to ask, and what it must never do.">
          {(ids) => <TextArea {...ids} className="min-h-32" value={told} onChange={(event) => setTold(event.target.value)} />}
        </Field>
        {make.error ? (
          <p role="alert" className="text-remove">
            {requestError(make.error).message}
          </p>
        ) : null}
      </form>
    </Dialog>
  )
}
