import type { Secret, SecretKind } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, client, requestError } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'
import { Button } from '../button.tsx'
import { Field, TextArea, TextInput } from '../field.tsx'
import { Segmented } from '../segmented.tsx'
import { KIND_WORDS, draftFaults, firstDraft, secretOf } from './secret-draft.ts'
import type { SecretDraft } from './secret-draft.ts'

export interface SecretFormState {
  draft: SecretDraft
  set: (change: Partial<SecretDraft>) => void
  faults: Partial<Record<keyof SecretDraft, string>>
  error: string | undefined
  busy: boolean
  submit: () => void
}

/** The form's state, for a caller that draws the buttons itself. The value leaves this page only to be kept by the server. */
export function useSecretForm(given: Partial<SecretDraft>, known: Secret | undefined, onDone: (name: string) => void): SecretFormState {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => firstDraft(given, known))
  const [tried, setTried] = useState(false)
  const faults = draftFaults(draft)
  const keep = useMutation({
    mutationFn: () => client.secrets.set(secretOf(draft)),
    onSuccess: () => {
      setDraft(firstDraft({ ...draft, value: '', clientSecret: '' }))
      reportDone(`The secret ${draft.name} is kept.`)
      onDone(draft.name)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: api.secrets.key() }),
    meta: { quiet: true },
  })
  return {
    draft,
    set: (change) => setDraft({ ...draft, ...change }),
    faults: tried ? faults : {},
    error: keep.error ? requestError(keep.error).message : undefined,
    busy: keep.isPending,
    submit: () => {
      setTried(true)
      if (Object.keys(faults).length === 0 && !keep.isPending) keep.mutate()
    },
  }
}

const KINDS = (['token', 'basic', 'oauth2'] as const).map((value) => ({ value, label: KIND_WORDS[value].name }))

/** What a secret is, what it is worth, and where alone it may be sent. */
export function SecretFields({ form, fixedName = false }: { form: SecretFormState; fixedName?: boolean }) {
  const { draft, set, faults } = form
  const input = (
    key: keyof SecretDraft,
    label: string,
    options: { help?: string; optional?: boolean; hidden?: boolean; focus?: boolean } = {},
  ) => (
    <Field label={label} help={options.help} error={faults[key]} optional={options.optional ?? false}>
      {(ids) => (
        <TextInput
          {...ids}
          type={options.hidden ? 'password' : 'text'}
          autoComplete={options.hidden ? 'new-password' : 'off'}
          autoFocus={options.focus ?? false}
          className={key === 'title' || options.hidden ? '' : 'mono text-12'}
          value={draft[key]}
          onChange={(event) => set({ [key]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <div className="flex flex-col gap-4">
      {form.error ? (
        <p role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
          {form.error}
        </p>
      ) : null}
      {fixedName ? null : input('name', 'Name', { help: 'Plans and plugins name it by this; they never see more.', focus: true })}
      <div className="flex flex-col gap-1">
        <span className="font-medium">Kind</span>
        <Segmented<SecretKind> label="Kind" value={draft.kind} onChange={(kind) => set({ kind })} options={KINDS} className="w-fit" />
        <p className="text-12 text-ink-faint">{KIND_WORDS[draft.kind].help}</p>
      </div>
      {draft.kind === 'basic' ? input('user', 'User') : null}
      {input('value', KIND_WORDS[draft.kind].value, { hidden: true, help: 'It is encrypted and never shown again.', focus: fixedName })}
      {draft.kind === 'oauth2' ? (
        <>
          {input('tokenUrl', 'Token address', { help: 'Where access is fetched, for example https://auth.example.org/token.' })}
          <div className="grid grid-cols-2 gap-4 phone:grid-cols-1">
            {input('clientId', 'Client id')}
            {input('clientSecret', 'Client secret', { optional: true, hidden: true })}
          </div>
          {input('scope', 'Scope', { optional: true })}
        </>
      ) : null}
      <Field
        label="May be sent to"
        help="One host a line. Life-OS adds it to requests to these hosts, and to no others."
        error={faults.hosts}
      >
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            spellCheck={false}
            className="mono min-h-0! text-12"
            placeholder="api.example.org"
            value={draft.hosts}
            onChange={(event) => set({ hosts: event.target.value })}
          />
        )}
      </Field>
      {input('title', 'Note', { optional: true, help: 'To recognise it by.' })}
    </div>
  )
}

/** The form with its own button, in place where a secret is missing. */
export function SecretForm({ name, hosts, onDone, action }: { name: string; hosts: string; onDone: () => void; action: string }) {
  const form = useSecretForm({ name, hosts }, undefined, onDone)
  return (
    <form
      className="flex flex-col gap-4"
      aria-label={`Set the secret ${name}`}
      onSubmit={(event) => (event.preventDefault(), form.submit())}
    >
      <SecretFields form={form} fixedName />
      <Button type="submit" large tone="accent" busy={form.busy} className="w-fit phone:w-full">
        {action}
      </Button>
    </form>
  )
}
