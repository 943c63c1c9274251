import type { RunEvent } from '@life-os/contract'
import { ArtifactCard } from '../../components/blobs/artifact-card.tsx'
import { BlobPicture } from '../../components/blobs/blob-picture.tsx'

/** What an action on a web page left: how the page looked, and what was asked for meanwhile. */
export function PageShown({ event }: { event: Extract<RunEvent, { type: 'page-shown' }> }) {
  const { screenshot, trace, did, url } = event
  return (
    <div className="flex flex-col gap-3 border-t border-line/60 bg-sunken p-4 font-sans">
      {screenshot === null ? (
        <p className="text-ink-faint">No picture of the page could be taken.</p>
      ) : (
        <BlobPicture
          blob={screenshot}
          mime="image/png"
          alt={`The page ${url} at “${did}”`}
          className="max-h-[480px] max-w-full rounded-control border border-line object-contain"
        />
      )}
      <ArtifactCard artifact={{ name: 'Trace.json', blob: trace, mime: 'application/json', size: null, path: trace }} />
    </div>
  )
}
