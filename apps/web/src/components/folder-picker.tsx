import { useQuery } from '@tanstack/react-query'
import { ArrowUp, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { SearchInput } from './field.tsx'
import { FILE_GLYPH, GLYPH } from './glyphs.ts'
import { Icon } from './icon.tsx'
import { FileName, Path } from './path.tsx'
import { Empty, Failure, SkeletonRows } from './states.tsx'
import { api, requestError } from '../lib/api.ts'
import { cn } from '../lib/cn.ts'
import { fileKind } from '../lib/file-kind.ts'
import { bytes, homePath } from '../lib/format.ts'

const LIMIT = 500

/** Walks the folders of the machine Life-OS runs on. */
export function FolderPicker({
  start,
  file,
  onPick,
  onClose,
}: {
  start: string
  file: boolean
  onPick: (path: string) => void
  onClose: () => void
}) {
  const [path, setPath] = useState<string | undefined>(start.startsWith('/') ? start : undefined)
  const [words, setWords] = useState('')
  const listing = useQuery({
    ...api.system.folders.queryOptions({ input: { ...(path !== undefined && { path }), ...(file && { files: true }) } }),
    placeholderData: (before) => before,
    retry: 0,
  })
  const here = listing.data
  const entries = (here?.entries ?? []).filter(
    (entry) =>
      (entry.kind === 'folder' || file) &&
      entry.name.toLowerCase().includes(words.toLowerCase()) &&
      (words !== '' || !entry.name.startsWith('.')),
  )
  const go = (to: string): void => {
    setPath(to)
    setWords('')
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      wide
      title={file ? 'Choose a file' : 'Choose a folder'}
      footer={
        <>
          {here ? <Path path={here.path} className="mr-auto text-ink-soft" /> : null}
          <Button large onClick={onClose}>
            Cancel
          </Button>
          {file ? null : (
            <Button large tone="accent" disabled={!here} onClick={() => here && onPick(here.path)}>
              Choose this folder
            </Button>
          )}
        </>
      }
    >
      <div className="flex h-[420px] phone:h-[56vh]">
        <nav aria-label="Places on this machine" className="w-40 shrink-0 overflow-auto border-r border-line p-2 phone:hidden">
          {here?.places.map((place) => (
            <button
              key={place.path}
              type="button"
              onClick={() => go(place.path)}
              className={cn(
                'flex h-8 w-full items-center gap-2 rounded-control px-2 text-left hover:bg-hover',
                here.path === place.path && 'bg-pressed font-medium',
              )}
            >
              <Icon of={place.name.toLowerCase() === 'home' ? GLYPH.home : GLYPH.folder} size={14} className="text-ink-faint" />
              <span className="truncate">{place.name}</span>
            </button>
          ))}
        </nav>
        <div className="flex min-w-0 flex-1 flex-col">
          <div className="flex items-center gap-1.5 border-b border-line p-2">
            <IconButton
              icon={ArrowUp}
              label="To the folder above"
              disabled={!here?.parent}
              onClick={() => here?.parent && go(here.parent)}
            />
            <span className="mono min-w-0 flex-1 truncate text-12 text-ink-soft" title={here?.path}>
              {here ? homePath(here.path) : ''}
            </span>
            <SearchInput value={words} onChange={setWords} label="Filter" className="w-40" />
          </div>
          <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="group" aria-label="Entries">
            {listing.error ? (
              <Failure error={requestError(listing.error)} quiet onRetry={() => go(here?.parent ?? '/')} />
            ) : listing.isPending ? (
              <SkeletonRows rows={8} label="Looking into the folder" />
            ) : entries.length === 0 ? (
              <Empty
                icon={GLYPH.folder}
                title={words ? 'Nothing has that name' : file ? 'This folder is empty' : 'No folders in here'}
                quiet
              >
                {file || words ? undefined : 'You can choose this folder itself.'}
              </Empty>
            ) : (
              <>
                {entries.slice(0, LIMIT).map((entry) => (
                  <button
                    key={entry.path}
                    type="button"
                    onClick={() => (entry.kind === 'folder' ? go(entry.path) : onPick(entry.path))}
                    className="row-height flex w-full items-center gap-2.5 px-3 text-left hover:bg-hover"
                  >
                    <Icon of={entry.kind === 'folder' ? FILE_GLYPH.folder : FILE_GLYPH[fileKind(entry.name)]} className="text-ink-faint" />
                    <FileName name={entry.name} className="flex-1" />
                    {entry.kind === 'folder' ? (
                      <Icon of={ChevronRight} size={14} className="text-ghost" />
                    ) : (
                      <span className="mono text-12 text-ink-faint">{bytes(entry.size)}</span>
                    )}
                  </button>
                ))}
                {entries.length > LIMIT ? (
                  <p className="px-3 py-2 text-ink-faint">
                    The first {LIMIT} of {entries.length}. The filter finds the others.
                  </p>
                ) : null}
              </>
            )}
          </div>
        </div>
      </div>
    </Dialog>
  )
}
