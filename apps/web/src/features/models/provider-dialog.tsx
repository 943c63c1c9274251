import type { Provider, ProviderConfig } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Field, TextInput } from '../../components/field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { Icon } from '../../components/icon.tsx'
import { ChoiceMenu } from '../../components/menu.tsx'
import { api, client } from '../../lib/api.ts'
import { reportDone } from '../../lib/report.ts'
import { KINDS } from './model-words.ts'
import { draftFaults, firstDraft, hostOf, idOf } from './provider-draft.ts'

const OPTIONS = Object.entries(KINDS).map(([value, { label, hint }]) => ({ value: value as ProviderConfig['kind'], label, hint })) // the table's keys are the kinds

/** Sets up a provider. A key that is typed here becomes a secret that is sent to this provider alone. */
export function ProviderDialog({ known, onClose }: { known?: Provider; onClose: () => void }) {
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => firstDraft(known))
  const [tried, setTried] = useState(false)
  const faults = draftFaults(draft)
  const words = KINDS[draft.kind]
  const save = useMutation({
    mutationFn: async () => {
      const id = known?.id ?? idOf(draft.name)
      const url = draft.url.trim() || words.url
      let { secret } = draft
      if (draft.key !== '') {
        secret = `${id}-key`
        await client.secrets.set({ name: secret, kind: 'token', hosts: [hostOf(url)], title: `Key of ${draft.name}`, value: draft.key })
      }
      return client.models.setProvider({
        id,
        kind: draft.kind,
        name: draft.name.trim(),
        url,
        enabled: true,
        ...(secret !== '' && { secret }),
      })
    },
    onSuccess: (provider) => {
      reportDone(provider.state === 'ready' ? `${provider.name} answers.` : `${provider.name} is kept. ${provider.reason ?? ''}`)
      onClose()
    },
    onSettled: () =>
      Promise.all([queries.invalidateQueries({ queryKey: api.models.key() }), queries.invalidateQueries({ queryKey: api.secrets.key() })]),
    meta: { quiet: true },
  })
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change })
  const submit = (): void => {
    setTried(true)
    if (Object.keys(faults).length === 0) save.mutate()
  }
  const shown = tried ? faults : {}
  return (
    <FormDialog
      title={known ? `Set up ${known.name}` : 'Add a provider'}
      action={{ id: 'provider.keep', name: 'Keep the provider', word: 'Keep' }}
      failure={save.error}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Kind" help={words.hint}>
        {(ids) => (
          <ChoiceMenu
            value={draft.kind}
            options={OPTIONS}
            onChange={(kind) => set({ kind, url: '', name: draft.named ? draft.name : KINDS[kind].label })}
            trigger={
              <button
                {...ids}
                type="button"
                aria-label={`Kind: ${words.label}`}
                className="flex h-8 items-center justify-between rounded-control border border-line-strong bg-raised px-2.5 phone:h-11"
              >
                {words.label}
                <Icon of={ChevronDown} size={14} className="text-ink-faint" />
              </button>
            }
          />
        )}
      </Field>
      <Field label="Name" error={shown.name}>
        {(ids) => (
          <TextInput {...ids} value={draft.name} maxLength={60} onChange={(event) => set({ name: event.target.value, named: true })} />
        )}
      </Field>
      <Field label="Address" error={shown.url} help={`Usually ${words.url}`} optional>
        {(ids) => (
          <TextInput
            {...ids}
            className="mono"
            inputMode="url"
            placeholder={words.url}
            value={draft.url}
            onChange={(event) => set({ url: event.target.value })}
          />
        )}
      </Field>
      {words.key === 'never' ? null : (
        <Field
          label="Key"
          error={shown.key}
          optional={words.key === 'maybe'}
          help={
            draft.secret
              ? `Kept as the secret ${draft.secret}; type another to replace it.`
              : 'Kept sealed, and sent to this address alone. No model and no plugin sees it.'
          }
        >
          {(ids) => (
            <TextInput
              {...ids}
              type="password"
              autoComplete="off"
              value={draft.key}
              onChange={(event) => set({ key: event.target.value })}
            />
          )}
        </Field>
      )}
    </FormDialog>
  )
}
