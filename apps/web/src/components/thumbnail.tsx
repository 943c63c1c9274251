import { createContext, use, useState } from 'react'
import { cn } from '../lib/cn.ts'
import { FILE_GLYPH } from './glyphs.ts'
import { Icon } from './icon.tsx'

/** The run whose changes name the pictures: the server shows only those. */
export const ThumbnailRun = createContext<string | null>(null)

/** A picture of a picture; its glyph when there is none. */
export function Thumbnail({ path, size, className, alt = '' }: { path: string; size: 48 | 128 | 512; className?: string; alt?: string }) {
  const [failed, setFailed] = useState<string | null>(null)
  const run = use(ThumbnailRun)
  if (failed === path)
    return (
      <span className={cn('flex items-center justify-center rounded-small bg-hover text-ink-faint', className)}>
        <Icon of={FILE_GLYPH.picture} size={14} />
      </span>
    )
  return (
    <img
      src={`/api/v1/thumbnail?${new URLSearchParams({ path, size: String(size), ...(run !== null && { run }) })}`}
      alt={alt}
      loading="lazy"
      decoding="async"
      draggable={false}
      onError={() => setFailed(path)}
      className={cn('rounded-small bg-hover object-cover', className)}
    />
  )
}
