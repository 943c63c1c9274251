import { cn } from '../lib/cn.ts'
import { folderOf, homePath, nameOf } from '../lib/format.ts'

/** A path in mono, shortened in the middle by layout: folders give way first, the name stays. */
export function Path({ path, className, home = true }: { path: string; className?: string; home?: boolean }) {
  const shown = home ? homePath(path) : path
  const folder = folderOf(shown)
  const lead = shown.includes('/') && folder !== shown ? (folder === '/' ? '/' : `${folder}/`) : ''
  return (
    <span title={path} className={cn('mono flex min-w-0 text-12', className)}>
      <span className="min-w-0 shrink-[4] truncate opacity-80">{lead}</span>
      <span className="min-w-0 truncate">{nameOf(shown)}</span>
    </span>
  )
}

/** A file name that keeps its ending in sight however narrow it gets. */
export function FileName({ name, className }: { name: string; className?: string }) {
  const dot = name.lastIndexOf('.')
  const cut = dot > 0 && name.length - dot <= 8 ? Math.max(1, dot - 4) : name.length
  const tail = name.slice(cut)
  if (tail === '')
    return (
      <span title={name} className={cn('min-w-0 truncate whitespace-pre', className)}>
        {name}
      </span>
    )
  // Two boxes are read as two words, so they are only seen; what is read, found and copied lies over them in one piece.
  return (
    <span title={name} className={cn('relative flex min-w-0', className)}>
      <span aria-hidden className="min-w-0 select-none truncate whitespace-pre">
        {name.slice(0, cut)}
      </span>
      <span aria-hidden className="shrink-0 select-none whitespace-pre">
        {tail}
      </span>
      <span className="absolute inset-0 overflow-hidden whitespace-pre opacity-0">{name}</span>
    </span>
  )
}
