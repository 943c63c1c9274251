import { Download } from 'lucide-react'
import { fileKind } from '../../lib/file-kind.ts'
import { bytes } from '../../lib/format.ts'
import { blobAddress } from '../../lib/upload.ts'
import { Button } from '../button.tsx'
import { FILE_GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'
import { Card } from '../page.tsx'
import { FileName } from '../path.tsx'
import { SkeletonBlock } from '../states.tsx'
import { kindOf, mimeOf } from './artifacts.ts'
import type { Artifact } from './artifacts.ts'
import { BlobPicture, Gone } from './blob-picture.tsx'
import { CsvTable } from './csv-table.tsx'
import { useBlob } from './use-blob.ts'

const LARGEST = 16_000_000 // bytes that are shown; more is only offered for download
const SHOWN_TEXT = 200_000 // characters

/** Something that a run gave back: a picture, a table, a text, or a file to keep. */
export function ArtifactCard({ artifact }: { artifact: Artifact }) {
  const kind = kindOf(artifact)
  const shown = kind !== 'other' && (artifact.size ?? 0) <= LARGEST
  return (
    <Card>
      <figure aria-label={artifact.name}>
        <figcaption className="flex items-center gap-2 border-b border-line px-3 py-1.5">
          <Icon of={FILE_GLYPH[fileKind(artifact.name)]} size={14} className="text-ink-faint" />
          <FileName name={artifact.name} className="min-w-0 flex-1 font-medium" />
          {artifact.size === null ? null : <span className="mono text-12 text-ink-faint">{bytes(artifact.size)}</span>}
          <Button asChild tone="quiet">
            <a href={blobAddress(artifact.blob)} download={artifact.name}>
              <Icon of={Download} size={14} />
              Download<span className="sr-only"> {artifact.name}</span>
            </a>
          </Button>
        </figcaption>
        {shown ? (
          kind === 'picture' ? (
            <BlobPicture
              blob={artifact.blob}
              mime={mimeOf(artifact)}
              alt={artifact.name}
              frame="flex justify-center bg-sunken p-3"
              className="max-h-[480px] max-w-full rounded-control object-contain"
            />
          ) : (
            <Text artifact={artifact} table={kind === 'table'} />
          )
        ) : (
          <p className="px-4 py-3 text-ink-faint">
            {kind === 'other' ? 'This kind of file is only kept, not shown.' : 'Too large to show here.'}
          </p>
        )}
      </figure>
    </Card>
  )
}

function Text({ artifact, table }: { artifact: Artifact; table: boolean }) {
  const read = useBlob(artifact.blob, 'text', (blob) => blob.text())
  if (read.error) return <Gone error={read.error} />
  const text = read.data
  if (text === undefined) return <SkeletonBlock className="m-3 h-32" />
  if (table) return <CsvTable text={text} name={artifact.name} />
  return (
    <>
      <pre tabIndex={0} className="mono max-h-96 overflow-auto px-3 py-2 text-12">
        {text.slice(0, SHOWN_TEXT)}
      </pre>
      {text.length > SHOWN_TEXT ? (
        <p className="border-t border-line px-3 py-1.5 text-12 text-ink-faint">The first {bytes(SHOWN_TEXT)} are shown.</p>
      ) : null}
    </>
  )
}
