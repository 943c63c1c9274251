import { unshownWords } from '@life-os/contract'
import { ArrowDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { bytes, folderOf, homePath, nameOf } from '../../lib/format.ts'
import { Badge } from '../badge.tsx'
import { PICTURES } from '../blobs/artifacts.ts'
import { BlobPicture } from '../blobs/blob-picture.tsx'
import { diffCounts } from '../diff/unified.ts'
import { CommandCard } from '../command/command-card.tsx'
import { DiffView } from '../diff/diff-view.tsx'
import { CHANGE_GLYPH, GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { LabelsWithSources } from '../labels/label-sources.tsx'
import { Thumbnail } from '../thumbnail.tsx'
import { PageActCard } from './page-act-card.tsx'
import { pictureOf } from './rows.ts'
import type { ChangeState, Row } from './rows.ts'

const VERB: Record<Row['kind'], string> = {
  'file-move': 'Move',
  'file-copy': 'Copy',
  'file-write': 'Write',
  'file-remove': 'Remove',
  'folder-make': 'Make a folder',
  'request-send': 'Send a request',
  'command-run': 'Run a command',
  'page-act': 'Act on a page',
  'effect-restore': 'Restore',
}
const TAKES_BACK = { exact: 'Can be undone exactly', compensate: 'Can be undone by the opposite action', none: 'Cannot be undone' } as const

/** Everything there is to know about one change before it is made. */
export function ChangeDetail({ row, state }: { row: Row; state: ChangeState }) {
  const { change } = row
  return (
    <div className="flex flex-col gap-4 p-4">
      <header className="flex items-start gap-2.5">
        <span className="mt-0.5 flex size-7 items-center justify-center rounded-control border border-line bg-raised text-ink-faint">
          <Icon of={CHANGE_GLYPH[row.kind]} size={14} />
        </span>
        <div className="min-w-0 flex-1">
          <p className="text-12 text-ink-faint">
            {row.from !== null && row.to !== null && folderOf(row.from) === folderOf(row.to) && row.kind === 'file-move'
              ? 'Rename'
              : VERB[row.kind]}
          </p>
          <h2 className={change.kind === 'command-run' ? 'mono break-all text-13 font-semibold' : 'break-words text-14 font-semibold'}>
            {row.name}
          </h2>
        </div>
      </header>
      {row.file === 'picture' ? <Picture row={row} state={state} /> : null}
      {row.from !== null || row.to !== null ? <FromTo row={row} /> : null}
      {change.kind === 'file-write' ? <Written change={change} /> : null}
      {change.kind === 'command-run' ? <CommandCard command={change} /> : null}
      {change.kind === 'page-act' ? <PageActCard act={change} /> : null}
      {change.kind === 'request-send' ? <Request method={change.method} url={change.url} body={change.body} /> : null}
      {row.clash !== null ? (
        <Note tone="change">
          A file named <b className="font-medium">{nameOf(row.clash)}</b> is already there, so this one gets a number. Nothing is
          overwritten.
        </Note>
      ) : null}
      {row.conflict !== null ? <Note tone="change">{row.conflict}</Note> : null}
      {row.unknown ? (
        <Note tone="change">
          A part of this is known only after earlier steps ran. You are asked again if it turns out different from this pattern.
        </Note>
      ) : null}
      <dl className="grid grid-cols-[88px_1fr] gap-x-3 gap-y-1.5 border-t border-line pt-3 text-12">
        <Fact name="Undo">
          <span className={row.final ? 'inline-flex items-center gap-1 font-medium text-final' : ''}>
            {row.final ? <Icon of={GLYPH.final} size={14} /> : null}
            {TAKES_BACK[change.reversal]}
          </span>
        </Fact>
        {row.bytes > 0 ? (
          <Fact name="Size">
            <span className="mono">{bytes(row.bytes)}</span>
          </Fact>
        ) : null}
        <Fact name="Step">
          <span className="mono break-all">{row.step}</span>
        </Fact>
        {row.labels.length > 0 ? (
          <Fact name="Labels">
            <LabelsWithSources labels={row.labels} />
          </Fact>
        ) : null}
        <Fact name="State">{state === 'proposed' ? 'not made yet' : state}</Fact>
      </dl>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Note({ tone, children }: { tone: 'change' | 'final'; children: ReactNode }) {
  return (
    <p
      className={
        tone === 'change'
          ? 'flex gap-2 rounded-control bg-change-soft p-2.5 text-12 text-change'
          : 'flex gap-2 rounded-control bg-final-soft p-2.5 text-12 text-final'
      }
    >
      <Icon of={GLYPH.warning} size={14} className="mt-0.5" />
      <span>{children}</span>
    </p>
  )
}

function FromTo({ row }: { row: Row }) {
  return (
    <div className="mono flex flex-col gap-1 rounded-card border border-line bg-sunken p-3 text-12">
      {row.from !== null ? <span className="break-all text-ink-soft">{homePath(row.from)}</span> : null}
      {row.from !== null && row.from !== row.to ? <Icon of={ArrowDown} size={14} className="text-ghost" /> : null}
      {row.to !== null && row.from !== row.to ? <span className="break-all font-medium text-ink">{homePath(row.to)}</span> : null}
      {row.to === null ? (
        <span className={row.final ? 'text-final' : 'font-medium text-ink'}>{row.final ? 'gone for good' : 'the trash of Life-OS'}</span>
      ) : null}
    </div>
  )
}

function Written({ change }: { change: Extract<Row['change'], { kind: 'file-write' }> }) {
  const words = unshownWords(change, change.bytes === undefined ? null : bytes(change.bytes))
  if (words !== null || change.diff === undefined) return <p className="text-12 text-ink-soft">{words}</p>
  const counts = diffCounts(change.diff)
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex gap-1.5">
        {change.before === undefined ? (
          <Badge tone="add">{counts.added === 1 ? '1 line' : `${counts.added} lines`}, new</Badge>
        ) : (
          <>
            <Badge tone="add">+{counts.added}</Badge>
            <Badge tone="remove">−{counts.removed}</Badge>
          </>
        )}
      </p>
      <DiffView diff={change.diff} label={`What ${change.before === undefined ? 'is in' : 'changes in'} ${nameOf(change.path)}`} />
    </div>
  )
}

/** Of a picture that is written, what it will be; of any other, what lies there. */
function Picture({ row, state }: { row: Row; state: ChangeState }) {
  const { change } = row
  const look = { className: 'max-h-64 w-full rounded-card object-contain', alt: `The picture ${row.name}` }
  if (change.kind === 'file-write' && state !== 'done') {
    const { hash, type } = change
    return hash !== undefined && type !== undefined && PICTURES.has(type) ? (
      <BlobPicture blob={hash} mime={type} gone={null} {...look} />
    ) : null
  }
  const path = row.from === null && state === 'done' ? row.to : row.from === null ? null : pictureOf(row, state)
  return path === null ? null : <Thumbnail path={path} size={512} {...look} />
}

function Request({ method, url, body }: { method: string; url: string; body: string | undefined }) {
  const host = URL.canParse(url) ? new URL(url).host : url
  return (
    <div className="overflow-hidden rounded-card border border-line">
      <p className="flex items-center gap-2 border-b border-line bg-sunken px-3 py-2">
        <Badge tone="accent">{method}</Badge>
        <span className="mono min-w-0 truncate text-12 font-medium">{host}</span>
      </p>
      <p className="mono break-all px-3 py-2 text-12 text-ink-soft">{url}</p>
      {body ? (
        <pre tabIndex={0} className="mono max-h-72 overflow-auto border-t border-line px-3 py-2 text-12">
          {body}
        </pre>
      ) : null}
    </div>
  )
}
