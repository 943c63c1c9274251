import type { Secret } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { ActionButton, Button } from '../../components/button.tsx'
import { Confirm } from '../../components/dialog.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { KIND_WORDS } from '../../components/secrets/secret-draft.ts'
import { SecretDialog } from '../../components/secrets/secret-dialog.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { useActions } from '../../lib/actions.tsx'
import type { Action } from '../../lib/actions.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { count, date, isPast, moment } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'

type Open = { what: 'add' } | { what: 'replace'; secret: Secret } | { what: 'remove'; secret: Secret } | { what: 'rotate' } | null

/** Secrets by name: what kind they are, where alone they may be sent, when they were used. What they are worth is never shown. */
export function SecretsSection() {
  const queries = useQueryClient()
  const secrets = useQuery(api.secrets.list.queryOptions())
  const [open, setOpen] = useState<Open>(null)
  const close = (): void => setOpen(null)
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: api.secrets.key() })
  const remove = useMutation({
    mutationFn: (name: string) => client.secrets.remove({ name }),
    onSuccess: (_, name) => (close(), reportDone(`The secret ${name} is gone.`)),
    onSettled: refresh,
  })
  const rotate = useMutation({
    mutationFn: () => client.secrets.rotateKey(),
    onSuccess: (done) => (close(), reportDone(`${count(done.secrets, 'secret')} encrypted under a new key.`)),
    onSettled: refresh,
  })
  const add: Action = {
    id: 'secrets.add',
    name: 'Add a secret',
    group: 'This page',
    icon: Plus,
    shortcut: 'n',
    perform: () => setOpen({ what: 'add' }),
  }
  const turn: Action = {
    id: 'secrets.rotate',
    name: 'Change the key',
    group: 'This page',
    icon: RefreshCw,
    keywords: 'rotate encrypt',
    when: (secrets.data?.length ?? 0) > 0,
    perform: () => setOpen({ what: 'rotate' }),
  }
  useActions([add, turn])
  return (
    <Section
      title="Secrets"
      hint="Added to requests on their way out; plugins and models never see them"
      actions={
        <Button icon={Plus} onClick={() => setOpen({ what: 'add' })}>
          Add a secret
        </Button>
      }
    >
      <Card>
        {secrets.isPending ? (
          <SkeletonRows rows={3} label="Loading the secrets" />
        ) : secrets.error ? (
          <Failure error={requestError(secrets.error)} onRetry={() => void secrets.refetch()} quiet />
        ) : secrets.data.length === 0 ? (
          <Empty icon={GLYPH.secret} title="No secrets" quiet>
            An API key or a password that you keep here is encrypted, and only ever sent to the hosts you name.
          </Empty>
        ) : (
          secrets.data.map((secret) => (
            <SecretRow
              key={secret.name}
              secret={secret}
              onReplace={() => setOpen({ what: 'replace', secret })}
              onRemove={() => setOpen({ what: 'remove', secret })}
            />
          ))
        )}
      </Card>
      {secrets.data && secrets.data.length > 0 ? (
        <div className="flex items-center gap-3">
          <ActionButton action={turn} />
          <p className="text-12 text-ink-faint">
            Encrypts every secret under a new key. Do it when someone may have copied your data folder.
          </p>
        </div>
      ) : null}
      {open?.what === 'add' ? <SecretDialog onClose={close} /> : null}
      {open?.what === 'replace' ? <SecretDialog known={open.secret} onClose={close} /> : null}
      <Confirm
        open={open?.what === 'remove'}
        onOpenChange={(shown) => shown || close()}
        final
        title={open?.what === 'remove' ? `Delete the secret ${open.secret.name}?` : ''}
        message="What it is worth is gone for good. Plugins that use it will ask for it again."
        confirm="Delete"
        busy={remove.isPending}
        onConfirm={() => open?.what === 'remove' && remove.mutate(open.secret.name)}
      />
      <Confirm
        open={open?.what === 'rotate'}
        onOpenChange={(shown) => shown || close()}
        title="Change the key?"
        message="Every secret is encrypted anew. Copies of the data folder from before can still be read with the key from before."
        confirm="Change the key"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      />
    </Section>
  )
}

function SecretRow({ secret, onReplace, onRemove }: { secret: Secret; onReplace: () => void; onRemove: () => void }) {
  const ended = secret.expiresAt !== null && isPast(secret.expiresAt)
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:flex-wrap phone:px-3">
      <Icon of={GLYPH.secret} className="text-private" />
      <div className="min-w-0 flex-1 phone:basis-[80%]">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="mono break-all font-medium">{secret.name}</span>
          <Badge>{KIND_WORDS[secret.kind].name}</Badge>
          {secret.title ? <span className="text-ink-soft">{secret.title}</span> : null}
        </p>
        <p className="break-words text-12 text-ink-faint">
          {secret.hosts.length === 0
            ? 'may be sent nowhere'
            : `only to ${secret.hosts.map((host) => host.replace(/:443$/, '')).join(', ')}`}
          {secret.user ? ` · as ${secret.user}` : ''} · {secret.usedAt === null ? 'never used' : `used ${moment(secret.usedAt)}`} · set{' '}
          {date(secret.updatedAt)}
          {secret.expiresAt === null
            ? ''
            : ended
              ? ' · fetches access anew at its next use'
              : ` · access until ${moment(secret.expiresAt)}`}
        </p>
      </div>
      <span className="flex gap-1 phone:ml-auto">
        <Button tone="quiet" onClick={onReplace} aria-label={`Replace ${secret.name}`}>
          Replace
        </Button>
        <Button tone="quiet" onClick={onRemove} aria-label={`Delete ${secret.name}`}>
          Delete
        </Button>
      </span>
    </div>
  )
}
