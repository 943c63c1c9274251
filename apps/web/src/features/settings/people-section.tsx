import type { Role } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { Card, Section } from '../../components/page.tsx'
import { SecretOnce } from '../../components/secret-once.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { date } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'

const ROLES: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'viewer' },
  { value: 'member', label: 'member' },
  { value: 'admin', label: 'admin' },
]
const ROLE_HELP: Record<Role, string> = {
  viewer: 'Sees everything and changes nothing.',
  member: 'Starts runs and answers questions.',
  admin: 'May do everything, also settings and people.',
}

export function PeopleSection() {
  const queries = useQueryClient()
  const me = useQuery(api.people.me.queryOptions())
  const people = useQuery(api.people.list.queryOptions())
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<{ id: string; name: string } | null>(null)
  const refresh = (): void => void queries.invalidateQueries({ queryKey: api.people.key() })
  const remove = useMutation({
    mutationFn: (id: string) => client.people.remove({ id }),
    onSuccess: () => setRemoving(null),
    onSettled: refresh,
  })
  return (
    <>
      <Section title="Your passphrase" hint={me.data?.person.hasPassphrase ? 'is set' : 'is not set yet'}>
        <Passphrase has={me.data?.person.hasPassphrase ?? false} onSet={refresh} />
      </Section>
      <Section
        title="People"
        actions={
          <Button icon={Plus} onClick={() => setAdding(true)}>
            Add a person
          </Button>
        }
      >
        <Card>
          {people.isPending ? (
            <SkeletonRows rows={2} label="Loading people" />
          ) : people.error ? (
            <Failure error={requestError(people.error)} quiet />
          ) : (
            people.data.map((person) => (
              <div key={person.id} className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3">
                <span
                  aria-hidden
                  className="flex size-7 shrink-0 items-center justify-center rounded-full bg-accent-soft font-semibold text-accent-text"
                >
                  {person.name.slice(0, 1).toUpperCase()}
                </span>
                <div className="min-w-0 flex-1">
                  <p className="truncate font-medium">
                    {person.name}
                    {person.id === me.data?.person.id ? <span className="font-normal text-ink-faint"> · you</span> : null}
                  </p>
                  <p className="text-12 text-ink-faint">
                    since {date(person.createdAt)}
                    {person.hasPassphrase ? '' : ' · no passphrase yet'}
                  </p>
                </div>
                <Badge tone={person.role === 'admin' ? 'accent' : 'plain'}>{person.role}</Badge>
                {person.id === me.data?.person.id ? (
                  <span className="w-18" />
                ) : (
                  <Button tone="quiet" onClick={() => setRemoving(person)} aria-label={`Remove ${person.name}`}>
                    Remove
                  </Button>
                )}
              </div>
            ))
          )}
        </Card>
      </Section>
      {adding ? <AddPerson onClose={() => (setAdding(false), refresh())} /> : null}
      <Confirm
        open={removing !== null}
        onOpenChange={(open) => open || setRemoving(null)}
        title={`Remove ${removing?.name}?`}
        message="They are signed out everywhere and their tokens stop working. Their runs stay."
        confirm="Remove"
        busy={remove.isPending}
        onConfirm={() => removing && remove.mutate(removing.id)}
      />
    </>
  )
}

function AddPerson({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('member')
  const add = useMutation({ mutationFn: () => client.people.add({ name: name.trim(), role }) })
  if (add.data)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`${add.data.person.name} can sign in`}
        footer={
          <Button large tone="accent" onClick={onClose}>
            Done
          </Button>
        }
      >
        <SecretOnce
          label="One-time link"
          value={add.data.link}
          help="Send it over a channel you trust. It works once and is not shown again."
        />
      </Dialog>
    )
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Add a person"
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" disabled={!name.trim()} busy={add.isPending} onClick={() => add.mutate()}>
            Add
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), name.trim() && add.mutate())}>
        <Field label="Name">
          {(ids) => <TextInput {...ids} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <div className="flex flex-col gap-1">
          <span className="font-medium">Role</span>
          <Segmented label="Role" value={role} onChange={setRole} options={ROLES} className="w-fit" />
          <p className="text-12 text-ink-faint">{ROLE_HELP[role]}</p>
        </div>
      </form>
    </Dialog>
  )
}

function Passphrase({ has, onSet }: { has: boolean; onSet: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const set = useMutation({
    mutationFn: () => client.people.setPassphrase({ passphrase: next, ...(has && { current }) }),
    onSuccess: () => {
      setCurrent('')
      setNext('')
      reportDone('The passphrase is set.')
      onSet()
    },
    meta: { quiet: true },
  })
  const short = next.length > 0 && next.length < 10
  return (
    <Card className="p-4">
      <form
        className={`grid items-start gap-3 phone:grid-cols-1 ${has ? 'grid-cols-[1fr_1fr_auto]' : 'grid-cols-[1fr_auto]'}`}
        onSubmit={(event) => (event.preventDefault(), set.mutate())}
      >
        {has ? (
          <Field label="Current passphrase">
            {(ids) => (
              <TextInput
                {...ids}
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
        ) : null}
        <Field
          label={has ? 'New passphrase' : 'Passphrase'}
          help="At least 10 characters. Needed before Life-OS listens beyond this machine."
          error={set.error ? requestError(set.error).message : short ? `${10 - next.length} more characters.` : undefined}
        >
          {(ids) => (
            <TextInput
              {...ids}
              type="password"
              autoComplete="new-password"
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          )}
        </Field>
        <Button
          type="submit"
          large
          className="mt-5.75 h-8! phone:mt-0"
          disabled={next.length < 10 || (has && current === '')}
          busy={set.isPending}
        >
          {has ? 'Change' : 'Set'}
        </Button>
      </form>
    </Card>
  )
}
