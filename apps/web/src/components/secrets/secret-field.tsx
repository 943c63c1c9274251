import { useQuery } from '@tanstack/react-query'
import { ChevronDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { Button } from '../button.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { ChoiceMenu } from '../menu.tsx'
import { SecretDialog } from './secret-dialog.tsx'

interface SecretFieldProps {
  ids: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }
  /** The chosen secret's name; empty for none. */
  value: string
  onChange: (name: string) => void
}

/** Picks a secret by its name, or makes one in place. */
export function SecretField({ ids, value, onChange }: SecretFieldProps) {
  const secrets = useQuery(api.secrets.list.queryOptions())
  const [making, setMaking] = useState(false)
  const names = secrets.data?.map((secret) => secret.name) ?? []
  const missing = value !== '' && secrets.data !== undefined && !names.includes(value)
  return (
    <div className="flex flex-col gap-1">
      <div className="flex gap-2">
        <ChoiceMenu
          value={value}
          onChange={onChange}
          options={[
            { value: '', label: 'None' },
            ...(secrets.data ?? []).map((secret) => ({
              value: secret.name,
              label: secret.name,
              ...(secret.title && { hint: secret.title }),
            })),
          ]}
          trigger={
            <Button {...ids} className="h-8! min-w-48 flex-1 justify-between! phone:h-11!">
              <span className="flex min-w-0 items-center gap-2">
                <Icon of={GLYPH.secret} size={14} className="text-ink-faint" />
                <span className={value ? 'mono truncate text-12' : 'text-ink-faint'}>{value || 'None chosen'}</span>
              </span>
              <ChevronDown aria-hidden size={14} className="text-ink-faint" />
            </Button>
          }
        />
        <Button icon={Plus} className="h-8! phone:h-11!" onClick={() => setMaking(true)}>
          New secret
        </Button>
      </div>
      {missing ? <p className="text-12 text-change">There is no secret named {value} any more.</p> : null}
      {making ? <SecretDialog onClose={() => setMaking(false)} onDone={onChange} /> : null}
    </div>
  )
}
