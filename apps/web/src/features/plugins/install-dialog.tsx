import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FileArchive, Upload } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field, TextInput } from '../../components/field.tsx'
import { Icon } from '../../components/icon.tsx'
import { PathControl } from '../../components/schema-form/schema-form.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { cn } from '../../lib/cn.ts'
import { bytes } from '../../lib/format.ts'
import { uploadBlob } from '../../lib/upload.ts'
import { installFault } from './install-fault.ts'
import type { InstallDraft } from './install-fault.ts'

const FIRST: InstallDraft = { from: 'folder', folder: '', watch: false, git: '', ref: '', archive: null }
const FROM = [
  { value: 'folder', label: 'Folder' },
  { value: 'git', label: 'Git' },
  { value: 'archive', label: 'Archive' },
] as const

async function install(draft: InstallDraft) {
  if (draft.from === 'folder') return client.plugins.install({ folder: draft.folder.trim(), watch: draft.watch })
  if (draft.from === 'git') return client.plugins.install({ git: draft.git.trim(), ...(draft.ref.trim() && { ref: draft.ref.trim() }) })
  if (!draft.archive) throw new Error('an archive is chosen before it is sent')
  return client.plugins.install({ blob: await uploadBlob(draft.archive), name: draft.archive.name })
}

/** Where a plugin comes from. It is built and looked at; nothing of it runs before it is accepted. */
export function InstallDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(FIRST)
  const [tried, setTried] = useState(false)
  const set = (change: Partial<InstallDraft>): void => (setDraft({ ...draft, ...change }), setTried(false), work.reset())
  const work = useMutation({
    mutationFn: () => install(draft),
    onSuccess: async (plugin) => {
      await queries.invalidateQueries({ queryKey: api.plugins.key() })
      onClose()
      await navigate({ to: '/plugins', search: { plugin: plugin.manifest.id, review: true } })
    },
    meta: { quiet: true },
  })
  const fault = installFault(draft)
  const failure = work.error ? requestError(work.error) : null
  const submit = (): void => {
    setTried(true)
    if (fault === undefined && !work.isPending) work.mutate()
  }
  const shown = tried ? fault : undefined
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Install a plugin"
      description="It is built and looked at. Nothing of it runs before you accept what it asks for."
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" busy={work.isPending} onClick={submit}>
            {work.isPending ? 'Fetching and building' : 'Look at it'}
          </Button>
        </>
      }
    >
      <form className="flex min-h-52 flex-col gap-4 p-4" onSubmit={(event) => (event.preventDefault(), submit())}>
        <Segmented label="Where it comes from" value={draft.from} options={FROM} onChange={(from) => set({ from })} className="w-fit" />
        {draft.from === 'folder' ? (
          <>
            <Field label="Folder" help="The one that holds manifest.json." error={shown}>
              {(ids) => <PathControl ids={ids} value={draft.folder} onChange={(folder) => set({ folder })} />}
            </Field>
            <TickRow
              checked={draft.watch}
              onChange={(watch) => set({ watch })}
              label="Read it again when a file in it changes"
              help="For a plugin that you are writing. No call is lost."
            />
          </>
        ) : draft.from === 'git' ? (
          <>
            <Field
              label="Address"
              help="Of a repository whose root is the plugin, for example https://example.org/ada/weather.git."
              error={shown}
            >
              {(ids) => (
                <TextInput
                  {...ids}
                  autoFocus
                  className="mono text-12"
                  value={draft.git}
                  onChange={(event) => set({ git: event.target.value })}
                />
              )}
            </Field>
            <Field
              label="Branch, tag or commit"
              optional
              help="The commit that is found is written down; later ones come in only when you accept them."
            >
              {(ids) => (
                <TextInput {...ids} className="mono text-12" value={draft.ref} onChange={(event) => set({ ref: event.target.value })} />
              )}
            </Field>
          </>
        ) : (
          <Drop file={draft.archive} fault={shown} onFile={(archive) => set({ archive })} />
        )}
        {failure ? (
          <div role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
            <p>{failure.message}</p>
            {failure.errors.slice(0, 8).map((each, index) => (
              <p key={index} className="text-12">
                {String(each['path'] ?? '')} {String(each['message'] ?? '')}
              </p>
            ))}
          </div>
        ) : null}
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </form>
    </Dialog>
  )
}

/** A place to let an archive fall, or to choose one. */
function Drop({ file, fault, onFile }: { file: File | null; fault: string | undefined; onFile: (file: File | null) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <div className="flex flex-col gap-1">
      <div
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          onFile(event.dataTransfer.files[0] ?? null)
        }}
        className={cn(
          'flex flex-col items-center gap-2 rounded-card border border-dashed px-4 py-8 text-center',
          over ? 'border-accent bg-accent-soft' : fault ? 'border-remove' : 'border-line-strong bg-sunken',
        )}
      >
        <Icon of={file ? FileArchive : Upload} size={20} className="text-ink-faint" />
        {file ? (
          <p>
            <span className="break-all font-medium">{file.name}</span> <span className="text-ink-faint">{bytes(file.size)}</span>
          </p>
        ) : (
          <p className="text-ink-faint">Let an archive fall here: .tgz, .tar or .zip</p>
        )}
        <Button onClick={() => input.current?.click()}>{file ? 'Choose another' : 'Choose a file'}</Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Archive"
          accept=".tgz,.tar,.gz,.zip"
          onChange={(event) => onFile(event.target.files?.[0] ?? null)}
        />
      </div>
      {fault ? (
        <p role="alert" className="text-12 text-remove">
          {fault}
        </p>
      ) : null}
    </div>
  )
}
