import type { Thread } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Download, Ellipsis, FoldVertical, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { IconButton } from '../../components/button.tsx'
import { Confirm, Sheet } from '../../components/dialog.tsx'
import { TextInput } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { ActionMenu } from '../../components/menu.tsx'
import { api, client } from '../../lib/api.ts'
import { money } from '../../lib/format.ts'
import { reportFailure } from '../../lib/report.ts'
import { saveExport } from './save-export.ts'
import { ThreadList } from './thread-list.tsx'
import { useChangeThread } from './thread-queries.ts'

/** The name of a conversation, what it cost, and what can be done with it as a whole. */
export function ThreadHead({ thread }: { thread: Thread }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const change = useChangeThread(thread.id)
  const [name, setName] = useState<string | null>(null)
  const [removing, setRemoving] = useState(false)
  const [list, setList] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: api.threads.key() })
  const remove = useMutation({
    mutationFn: () => client.threads.remove({ id: thread.id }),
    onSuccess: async () => {
      await navigate({ to: '/chat' })
      await refresh()
    },
  })
  const rename = (): void => {
    if (name !== null && name.trim() !== '' && name.trim() !== thread.title) change.mutate({ id: thread.id, title: name.trim() })
    setName(null)
  }
  return (
    <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4 phone:px-2">
      <IconButton icon={GLYPH.chat} label="Conversations" className="desk:hidden" onClick={() => setList(true)} />
      {name === null ? (
        <h1 className="flex min-w-0 font-semibold">
          <button
            type="button"
            title="Rename"
            onClick={() => setName(thread.title)}
            className="truncate rounded-control px-1 hover:bg-hover"
          >
            {thread.title || 'New conversation'}
          </button>
        </h1>
      ) : (
        <form className="min-w-0 flex-1" onSubmit={(event) => (event.preventDefault(), rename())}>
          <TextInput
            autoFocus
            aria-label="Name of the conversation"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
            onBlur={rename}
            onKeyDown={(event) => event.key === 'Escape' && setName(null)}
          />
        </form>
      )}
      {thread.labels.includes('private') ? (
        <Badge tone="private" icon={GLYPH.private}>
          private
        </Badge>
      ) : null}
      <span className="ml-auto" />
      {thread.cost.micros > 0 ? <span className="figures text-12 text-ink-faint">{money(thread.cost.micros)}</span> : null}
      <ActionMenu
        trigger={<IconButton icon={Ellipsis} label="More about this conversation" />}
        items={[
          { id: 'rename', name: 'Rename', group: 'Thread', icon: Pencil, perform: () => setName(thread.title) },
          {
            id: 'compact',
            name: 'Shorten the older messages',
            group: 'Thread',
            icon: FoldVertical,
            perform: () => client.threads.compact({ id: thread.id }).then(refresh, reportFailure),
          },
          {
            id: 'markdown',
            name: 'Download as Markdown',
            group: 'Thread',
            icon: Download,
            perform: () => saveExport(thread.id, 'markdown').catch(reportFailure),
          },
          {
            id: 'json',
            name: 'Download as JSON',
            group: 'Thread',
            icon: Download,
            perform: () => saveExport(thread.id, 'json').catch(reportFailure),
          },
          { id: 'remove', name: 'Delete', group: 'Thread', icon: Trash2, grave: true, perform: () => setRemoving(true) },
        ]}
      />
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title="Delete this conversation?"
        message="Its messages are gone for good. What its runs did stays, and can still be undone under Runs."
        confirm="Delete"
        final
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
      <Sheet open={list} onOpenChange={setList} title="Conversations">
        <div className="h-[60vh]">
          <ThreadList current={thread.id} />
        </div>
      </Sheet>
    </header>
  )
}
