import type { McpServerConfig } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Field, TextArea, TextInput } from '../../components/field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client } from '../../lib/api.ts'
import { FIRST, configOf, draftOf, faultsOf } from './mcp-draft.ts'
import type { McpDraft } from './mcp-draft.ts'

/** Sets up a server: a program in a box, or an address. It is asked for its tools once, and they wait to be accepted. */
export function McpDialog({ known, onClose, onDone }: { known?: McpServerConfig; onClose: () => void; onDone: (id: string) => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => (known ? draftOf(known) : FIRST))
  const [tried, setTried] = useState(false)
  const faults = faultsOf(draft)
  const save = useMutation({
    mutationFn: () => client.mcp.set(configOf(draft, known)),
    onSuccess: (server) => {
      onClose()
      onDone(server.config.id)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: api.mcp.key() }),
    meta: { quiet: true },
  })
  const submit = (): void => {
    setTried(true)
    if (Object.keys(faults).length === 0) save.mutate()
  }
  return (
    <FormDialog
      title={known ? `Change ${known.name}` : 'Set up an MCP server'}
      description="It is asked for its tools once. They wait until you accept them."
      action={{ id: 'mcp.connect', name: 'Connect the server', word: 'Connect' }}
      failure={save.error}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Fields draft={draft} faults={tried ? faults : {}} set={(change) => setDraft({ ...draft, ...change })} fixed={known !== undefined} />
    </FormDialog>
  )
}

function Fields({
  draft,
  faults,
  set,
  fixed,
}: {
  draft: McpDraft
  faults: ReturnType<typeof faultsOf>
  set: (change: Partial<McpDraft>) => void
  fixed: boolean
}) {
  return (
    <>
      <Field label="Name" error={faults.name}>
        {(ids) => <TextInput {...ids} value={draft.name} maxLength={100} onChange={(event) => set({ name: event.target.value })} />}
      </Field>
      {fixed ? null : (
        <Segmented
          label="How it is reached"
          value={draft.kind}
          options={[
            { value: 'stdio', label: 'A program on this machine' },
            { value: 'http', label: 'An address' },
          ]}
          onChange={(kind) => set({ kind })}
          className="self-start"
        />
      )}
      {draft.kind === 'http' ? (
        <>
          <Field label="Address" error={faults.url}>
            {(ids) => (
              <TextInput
                {...ids}
                className="mono"
                inputMode="url"
                placeholder="https://example.org/mcp"
                value={draft.url}
                onChange={(event) => set({ url: event.target.value })}
              />
            )}
          </Field>
          <Field label="Secret" optional help="The name of a secret under Settings; sent as a bearer token, to this address alone.">
            {(ids) => (
              <TextInput {...ids} className="mono" value={draft.secret} onChange={(event) => set({ secret: event.target.value })} />
            )}
          </Field>
        </>
      ) : (
        <>
          <div className="grid grid-cols-[140px_1fr] gap-3 phone:grid-cols-1">
            <Field label="Program" error={faults.command}>
              {(ids) => (
                <TextInput {...ids} className="mono" value={draft.command} onChange={(event) => set({ command: event.target.value })} />
              )}
            </Field>
            <Field label="Arguments" error={faults.args}>
              {(ids) => (
                <TextInput
                  {...ids}
                  className="mono"
                  placeholder="/home/ada/servers/notes/index.js"
                  value={draft.args}
                  onChange={(event) => set({ args: event.target.value })}
                />
              )}
            </Field>
          </div>
          <Field label="Folders it sees" help="One a line, each from / on; the program's own folder too." optional error={faults.folders}>
            {(ids) => (
              <TextArea
                {...ids}
                className="mono min-h-12 text-12"
                value={draft.folders}
                onChange={(event) => set({ folders: event.target.value })}
              />
            )}
          </Field>
          <TickRow
            checked={draft.writable}
            onChange={(writable) => set({ writable })}
            label="It may change them"
            help="What it changes cannot be undone by Life-OS."
          />
          <Field label="Network" help="Hosts with their ports, one a line. Empty: none." optional error={faults.network}>
            {(ids) => (
              <TextArea
                {...ids}
                className="mono min-h-12 text-12"
                placeholder="api.example.org:443"
                value={draft.network}
                onChange={(event) => set({ network: event.target.value })}
              />
            )}
          </Field>
          <Field label="Environment" help="NAME=value, one a line. Nothing secret: use a secret for that." optional error={faults.env}>
            {(ids) => (
              <TextArea
                {...ids}
                className="mono min-h-12 text-12"
                value={draft.env}
                onChange={(event) => set({ env: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </>
  )
}
