import type { FileLabel, FolderLabel, Label } from '@life-os/contract'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { FolderPlus } from 'lucide-react'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import { LabelBadges } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { SearchInput } from '../../components/field.tsx'
import { FolderPicker } from '../../components/folder-picker.tsx'
import { FILE_GLYPH, GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { Card, Section } from '../../components/page.tsx'
import { Path } from '../../components/path.tsx'
import { Empty, Failure, SkeletonRows } from '../../components/states.tsx'
import { TickRow } from '../../components/tick-row.tsx'
import { api, client, requestError } from '../../lib/api.ts'
import { fileKind } from '../../lib/file-kind.ts'
import { date, homePath, homeText, moment, nameOf } from '../../lib/format.ts'
import { reportDone } from '../../lib/report.ts'

const MEANING: Record<Label, string> = {
  private: 'It reaches local models only, and leaves this machine only where you said so.',
  untrusted: 'It came from outside. What it says cannot drive a high-risk or final effect without you.',
}

function useLabels(words: string) {
  return useInfiniteQuery(
    api.labels.list.infiniteOptions({
      input: (cursor: string | undefined) => ({ limit: 100, ...(cursor !== undefined && { cursor }), ...(words && { search: words }) }),
      initialPageParam: undefined as string | undefined, // the first page has no cursor
      getNextPageParam: (page) => page.next ?? undefined,
      placeholderData: (before) => before,
    }),
  )
}

/** Folders whose files carry a label, and single files that got one where they came from. */
export function LabelsSection() {
  const queries = useQueryClient()
  const [words, setWords] = useState('')
  const labels = useLabels(useDeferredValue(words))
  const [picking, setPicking] = useState(false)
  const [editing, setEditing] = useState<FolderLabel | null>(null)
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: api.labels.key() })
  const set = useMutation({
    mutationFn: ({ path, labels: next }: { path: string; labels: Label[] }) => client.labels.setFolder({ path, labels: next }),
    onSuccess: (_, { path, labels: next }) => {
      setEditing(null)
      reportDone(next.length > 0 ? `What lies in ${homePath(path)} is ${next.join(' and ')}.` : `${homePath(path)} has no label any more.`)
    },
    onSettled: refresh,
  })
  if (labels.isPending) return <SkeletonRows rows={4} label="Loading the labels" />
  if (labels.error) return <Failure error={requestError(labels.error)} onRetry={() => void labels.refetch()} quiet />
  const folders = labels.data.pages[0]?.folders ?? []
  const files = labels.data.pages.flatMap((page) => page.items)
  return (
    <>
      <Section
        title="Labelled folders"
        hint="What lies below carries the mark"
        actions={
          <Button icon={FolderPlus} onClick={() => setPicking(true)}>
            Label a folder
          </Button>
        }
      >
        <Card>
          {folders.length === 0 ? (
            <Empty icon={GLYPH.private} title="No folder has a label" quiet>
              Mark a folder as private, and what lies in it reaches local models only.
            </Empty>
          ) : (
            folders.map((folder) => (
              <div
                key={folder.path}
                className="flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-b-0 phone:flex-wrap phone:px-3"
              >
                <Icon of={GLYPH.folder} className="text-ink-faint" />
                <div className="min-w-0 flex-1">
                  <Path path={folder.path} className="font-medium" />
                  <p className="text-12 text-ink-faint">since {date(folder.at)}</p>
                </div>
                <LabelBadges labels={folder.labels} />
                <Button tone="quiet" onClick={() => setEditing(folder)} aria-label={`Change the label of ${nameOf(folder.path)}`}>
                  Change
                </Button>
                <Button
                  tone="quiet"
                  onClick={() => set.mutate({ path: folder.path, labels: [] })}
                  aria-label={`Remove the label of ${nameOf(folder.path)}`}
                >
                  Remove
                </Button>
              </div>
            ))
          )}
        </Card>
      </Section>
      <Section
        title="Labelled files"
        hint="What came from outside, or was written from something private"
        actions={<SearchInput value={words} onChange={setWords} label="Search files" className="w-52 phone:w-36" />}
      >
        <Card>
          {files.length === 0 ? (
            <Empty icon={GLYPH.untrusted} title={words ? 'No file matches' : 'No file has a label of its own'} quiet>
              {words ? undefined : 'Downloads and files written from private data are listed here.'}
            </Empty>
          ) : (
            <Files
              files={files}
              onEnd={() => labels.hasNextPage && !labels.isFetchingNextPage && void labels.fetchNextPage()}
              onLowered={refresh}
            />
          )}
        </Card>
      </Section>
      {picking ? (
        <FolderPicker
          start=""
          file={false}
          onClose={() => setPicking(false)}
          onPick={(path) => {
            setPicking(false)
            setEditing(folders.find((folder) => folder.path === path) ?? { path, labels: ['private'], at: Date.now(), by: '' })
          }}
        />
      ) : null}
      {editing ? (
        <LabelDialog
          folder={editing}
          busy={set.isPending}
          onClose={() => setEditing(null)}
          onSet={(next) => set.mutate({ path: editing.path, labels: next })}
        />
      ) : null}
    </>
  )
}

function LabelDialog({
  folder,
  busy,
  onClose,
  onSet,
}: {
  folder: FolderLabel
  busy: boolean
  onClose: () => void
  onSet: (labels: Label[]) => void
}) {
  const [chosen, setChosen] = useState<readonly Label[]>(folder.labels)
  const toggle = (label: Label, on: boolean): void => setChosen(on ? [...chosen, label] : chosen.filter((each) => each !== label))
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Label a folder"
      description={homePath(folder.path)}
      footer={
        <>
          <Button large onClick={onClose}>
            Cancel
          </Button>
          <Button large tone="accent" disabled={chosen.length === 0} busy={busy} onClick={() => onSet([...chosen].toSorted())}>
            Set the label
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 p-4">
        {(['private', 'untrusted'] as const).map((label) => (
          <TickRow
            key={label}
            label={label[0]?.toUpperCase() + label.slice(1)}
            help={MEANING[label]}
            checked={chosen.includes(label)}
            onChange={(on) => toggle(label, on)}
          />
        ))}
      </div>
    </Dialog>
  )
}

function Files({ files, onEnd, onLowered }: { files: readonly FileLabel[]; onEnd: () => void; onLowered: () => Promise<void> }) {
  const scroll = useRef<HTMLDivElement>(null)
  const [lowering, setLowering] = useState<FileLabel | null>(null)
  const virtual = useVirtualizer({ count: files.length, getScrollElement: () => scroll.current, estimateSize: () => 56, overscan: 8 })
  const slots = virtual.getVirtualItems()
  const last = slots.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= files.length - 20) onEnd()
  }, [last, files.length, onEnd])
  const lower = useMutation({
    mutationFn: (file: FileLabel) => client.labels.lowerFile({ path: file.path, labels: [] }),
    onSuccess: (_, file) => (setLowering(null), reportDone(`${nameOf(file.path)} has no label any more. That is written down.`)),
    onSettled: onLowered,
  })
  return (
    <>
      <div
        ref={scroll}
        role="list"
        aria-label="Labelled files"
        tabIndex={0}
        className="max-h-[420px] overflow-auto focus-visible:-outline-offset-2"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {slots.map((slot) => {
            const file = files[slot.index]
            return file ? (
              <div
                key={slot.key}
                role="listitem"
                className="absolute inset-x-0 top-0 flex h-14 items-center gap-3 border-b border-line/60 px-4 phone:px-3"
                style={{ transform: `translateY(${slot.start}px)` }}
              >
                <Icon of={FILE_GLYPH[fileKind(nameOf(file.path))]} className="text-ink-faint" />
                <div className="min-w-0 flex-1">
                  <Path path={file.path} />
                  <p className="truncate text-12 text-ink-faint" title={file.from}>
                    from {homeText(file.from)} · {moment(file.at)}
                  </p>
                </div>
                <span className="flex flex-wrap justify-end gap-1">
                  <LabelBadges labels={file.labels} />
                </span>
                <Button tone="quiet" onClick={() => setLowering(file)} aria-label={`Lower the label of ${nameOf(file.path)}`}>
                  Lower
                </Button>
              </div>
            ) : null
          })}
        </div>
      </div>
      <Confirm
        open={lowering !== null}
        onOpenChange={(open) => open || setLowering(null)}
        title={lowering ? `Trust ${nameOf(lowering.path)}?` : ''}
        message={
          lowering
            ? `It is ${lowering.labels.join(' and ')}, from ${homeText(lowering.from)}. ${lowering.labels.map((label) => MEANING[label]).join(' ')} After this it is treated like a file of your own. Your decision is written down.`
            : ''
        }
        confirm="Take the label off"
        busy={lower.isPending}
        onConfirm={() => lowering && lower.mutate(lowering)}
      />
    </>
  )
}
