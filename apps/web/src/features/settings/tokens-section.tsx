import type { Scope } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Check } from '../../components/check.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Section } from '../../components/page.tsx'
import { SecretOnce } from '../../components/secret-once.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { date, moment } from '../../lib/format.ts'

const SCOPES: readonly { value: Scope; help: string }[] = [
  { value: 'read', help: 'See runs, plans and settings.' },
  { value: 'run', help: 'Preview, start, cancel and undo.' },
  { value: 'approve', help: 'Answer questions in your name.' },
  { value: 'admin', help: 'Everything you may do.' },
]

export function TokensSection() {
  const queries = useQueryClient()
  const tokens = useQuery(api.people.tokens.queryOptions())
  const [making, setMaking] = useState(false)
  const refresh = (): void => void queries.invalidateQueries({ queryKey: api.people.tokens.key() })
  const revoke = useMutation({ mutationFn: (id: string) => client.people.removeToken({ id }), onSettled: refresh })
  return (
    <Section
      title="API tokens"
      hint="For scripts and other programs"
      actions={
        <Button icon={Plus} onClick={() => setMaking(true)}>
          Make a token
        </Button>
      }
    >
      <Card>
        {tokens.isPending ? (
          <SkeletonRows rows={2} label="Loading tokens" />
        ) : tokens.error ? (
          <Failure error={requestError(tokens.error)} quiet />
        ) : tokens.data.length === 0 ? (
          <Empty icon={GLYPH.private} title="No tokens" quiet>
            A token lets a program use the API with only the rights you give it.
          </Empty>
        ) : (
          tokens.data.map((token) => (
            <div key={token.id} className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3">
              <div className="min-w-0 flex-1">
                <p className="truncate font-medium">{token.name}</p>
                <p className="text-12 text-ink-faint">
                  made {date(token.createdAt)} · {token.usedAt === null ? 'never used' : `used ${moment(token.usedAt)}`}
                  {token.expiresAt === null ? '' : ` · until ${date(token.expiresAt)}`}
                </p>
              </div>
              <span className="flex flex-wrap justify-end gap-1">
                {token.scopes.map((scope) => (
                  <Badge key={scope} tone={scope === 'admin' ? 'final' : 'plain'}>
                    {scope}
                  </Badge>
                ))}
              </span>
              <Button tone="quiet" onClick={() => revoke.mutate(token.id)} aria-label={`Revoke ${token.name}`}>
                Revoke
              </Button>
            </div>
          ))
        )}
      </Card>
      {making ? <MakeToken onClose={() => (setMaking(false), refresh())} /> : null}
    </Section>
  )
}

function MakeToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(['read'])
  const [days, setDays] = useState('90')
  const make = useMutation({
    mutationFn: () => client.people.addToken({ name: name.trim(), scopes: [...scopes], ...(days !== '' && { days: Number(days) }) }),
  })
  const good =
    name.trim() !== '' &&
    scopes.length > 0 &&
    (days === '' || (Number.isInteger(Number(days)) && Number(days) >= 1 && Number(days) <= 3650))
  if (make.data)
    return (
      <Dialog
        open
        onOpenChange={onClose}
        title={`Token “${make.data.token.name}”`}
        footer={
          <Button large tone="accent" onClick={onClose}>
            Done
          </Button>
        }
      >
        <SecretOnce label="Token" value={make.data.secret} help="It is not shown again. Send it as “Authorization: Bearer …”." />
      </Dialog>
    )
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Make a token"
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" disabled={!good} busy={make.isPending} onClick={() => make.mutate()}>
            Make
          </Button>
        </>
      }
    >
      <form className="flex flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), good && make.mutate())}>
        <Field label="Name">
          {(ids) => <TextInput {...ids} autoFocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 font-medium">May</legend>
          {SCOPES.map((scope) => (
            <label key={scope.value} className="flex items-center gap-2.5">
              <Check
                checked={scopes.includes(scope.value)}
                label={scope.value}
                onChange={(on) => setScopes(on ? [...scopes, scope.value] : scopes.filter((each) => each !== scope.value))}
              />
              <span className="w-16 font-medium">{scope.value}</span>
              <span className="text-ink-faint">{scope.help}</span>
            </label>
          ))}
        </fieldset>
        <Field label="Days until it ends" optional help="Empty: it does not end by itself.">
          {(ids) => (
            <TextInput
              {...ids}
              inputMode="numeric"
              className="figures w-24"
              value={days}
              onChange={(event) => setDays(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
