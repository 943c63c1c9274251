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
  return (
    <span title={name} className={cn('flex min-w-0', className)}>
      <span className="min-w-0 truncate whitespace-pre">{name.slice(0, cut)}</span>
      {tail ? <span className="shrink-0 whitespace-pre">{tail}</span> : null}
    </span>
  )
}
