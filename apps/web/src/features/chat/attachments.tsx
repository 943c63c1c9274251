import type { Attachment } from '@life-os/contract'
import { X } from 'lucide-react'
import { GLYPH } from '../../components/glyphs.ts'
import { Icon } from '../../components/icon.tsx'
import { bytes, homePath } from '../../lib/format.ts'
import { blobAddress, uploadBlob } from '../../lib/upload.ts'

const MOST = 64 * 1024 * 1024
const isPicture = (attachment: Attachment): boolean => attachment.kind === 'blob' && /^image\/(png|jpeg|webp|gif)$/.test(attachment.mime)

/** A file, folder, upload or run that goes along with a message. */
export function AttachmentChip({ attachment, onRemove }: { attachment: Attachment; onRemove?: () => void }) {
  const place = attachment.kind === 'file' || attachment.kind === 'folder' ? homePath(attachment.path) : null
  const glyph = attachment.kind === 'folder' ? GLYPH.folder : attachment.kind === 'run' ? GLYPH.run : GLYPH.document
  return (
    <span
      title={place ?? attachment.name}
      className="flex h-8 max-w-64 items-center gap-2 overflow-hidden rounded-control border border-line bg-surface pr-2 text-12 phone:h-11"
    >
      {attachment.kind === 'blob' && isPicture(attachment) ? (
        <img src={blobAddress(attachment.blob)} alt="" className="h-full w-8 object-cover" />
      ) : (
        <Icon of={glyph} size={14} className="ml-2 text-ink-faint" />
      )}
      <span className="min-w-0 flex-1 truncate">{attachment.name}</span>
      {attachment.kind === 'blob' ? <span className="figures shrink-0 text-ink-faint">{bytes(attachment.size)}</span> : null}
      {onRemove ? (
        <button
          type="button"
          aria-label={`Take ${attachment.name} off`}
          onClick={onRemove}
          className="-mr-1 flex size-6 items-center justify-center rounded-control text-ink-faint hover:bg-hover hover:text-ink phone:size-9"
        >
          <Icon of={X} size={12} />
        </button>
      ) : null}
    </span>
  )
}

export const tooLarge = (file: File): boolean => file.size > MOST

/** Keeps a file that was picked, dropped or pasted. */
export async function uploaded(file: File): Promise<Attachment> {
  const name = file.name || `pasted.${file.type.split('/')[1] ?? 'bin'}`
  return {
    kind: 'blob',
    blob: await uploadBlob(file),
    name: name.slice(0, 300),
    mime: file.type || 'application/octet-stream',
    size: file.size,
  }
}

/** A place on the machine, by its path. */
export function placed(path: string, kind: 'file' | 'folder'): Attachment {
  return { kind, path, name: path.slice(path.lastIndexOf('/') + 1) || path }
}
