import type { Grant } from '@life-os/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import type { Tone } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { SearchInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { Card, Section } from '../../components/page.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { date, homePath, moment } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'

const VERDICT: Record<Grant['verdict'], { tone: Tone; word: string }> = {
  allow: { tone: 'add', word: 'allow' },
  ask: { tone: 'change', word: 'ask' },
  deny: { tone: 'remove', word: 'deny' },
}
const ORIGIN: Record<Grant['origin'], string> = {
  input: 'given as an input',
  approval: 'remembered from an approval',
  settings: 'set by hand',
  preset: 'preset',
  bundled: 'comes with the plugin',
}

/** Every remembered decision, and the way to forget it. */
export function GrantsSection() {
  const queries = useQueryClient()
  const [words, setWords] = useState('')
  const search = useDeferredValue(words)
  const grants = useQuery({
    ...api.grants.list.queryOptions({ input: { limit: 200, ...(search && { search }) } }),
    placeholderData: (before) => before,
  })
  const revoke = useMutation({
    mutationFn: (id: string) => client.grants.revoke({ id }),
    onSuccess: () => reportDone('Forgotten. It will be asked again.'),
    onSettled: () => queries.invalidateQueries({ queryKey: api.grants.key() }),
  })
  return (
    <Section
      title="Permissions"
      hint="What you said once and Life-OS remembers"
      actions={<SearchInput value={words} onChange={setWords} label="Search permissions" className="w-52 phone:w-36" />}
    >
      <Card>
        {grants.isPending ? (
          <SkeletonRows rows={4} label="Loading permissions" />
        ) : grants.error ? (
          <Failure error={requestError(grants.error)} onRetry={() => void grants.refetch()} quiet />
        ) : grants.data.items.length === 0 ? (
          <Empty icon={GLYPH.approval} title={search ? 'No permission matches' : 'Nothing is remembered'} quiet>
            {search ? undefined : 'When you approve something and choose “always”, it stands here and can be taken back.'}
          </Empty>
        ) : (
          grants.data.items.map((grant) => (
            <div key={grant.id} className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:px-3">
              <Badge tone={VERDICT[grant.verdict].tone}>{VERDICT[grant.verdict].word}</Badge>
              <div className="min-w-0 flex-1">
                <p className="mono break-all text-12">
                  {grant.permission.replace(/^([^:]+):(.*)$/s, (_, kind: string, resource: string) => `${kind} ${homePath(resource)}`)}
                </p>
                <p className="text-12 text-ink-faint">
                  {grant.subject.kind === 'any' ? 'for everything' : `for the ${grant.subject.kind} ${grant.subject.id}`} ·{' '}
                  {ORIGIN[grant.origin]} · {grant.usedAt === null ? 'never used' : `used ${moment(grant.usedAt)}`}
                  {grant.expiresAt === null ? '' : ` · until ${date(grant.expiresAt)}`}
                </p>
              </div>
              <Button
                tone="quiet"
                disabled={grant.origin === 'bundled'}
                onClick={() => revoke.mutate(grant.id)}
                aria-label={`Forget ${grant.permission}`}
              >
                Forget
              </Button>
            </div>
          ))
        )}
      </Card>
    </Section>
  )
}
