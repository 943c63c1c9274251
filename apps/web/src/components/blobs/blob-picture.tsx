import type { ReactNode } from 'react'
import { SkeletonBlock } from '../states.tsx'
import { useBlob } from './use-blob.ts'

/** A stored picture. Blobs are served as bytes that show nothing by themselves, so that its type is said here, for an image alone. */
export function BlobPicture({
  blob,
  mime,
  alt,
  frame,
  className,
  gone,
}: {
  blob: string
  mime: string
  alt: string
  /** Around the picture. */
  frame?: string
  className?: string
  /** Instead of an error, where it may well be that nothing is kept. */
  gone?: ReactNode
}) {
  const address = useBlob(blob, mime, (bytes) => asAddress(bytes, mime))
  if (address.error) return gone === undefined ? <Gone error={address.error} /> : gone
  if (address.data === undefined) return <SkeletonBlock className="m-3 h-48" />
  return (
    <div className={frame}>
      <img src={address.data} alt={alt} className={className} />
    </div>
  )
}

/** Bytes as an address that an image can show. */
const asAddress = (bytesOf: Blob, mime: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(reader.error ?? new Error('the bytes could not be read')))
    reader.readAsDataURL(new Blob([bytesOf], { type: mime }))
  })

export function Gone({ error }: { error: Error }) {
  return (
    <p role="alert" className="px-4 py-3 text-remove">
      {error.message}
    </p>
  )
}
