import type { Page, PageQuery } from '@life-os/contract'

/** A page of a list already in order; the cursor is the key of the last item shown. */
export function pageFrom<T>(items: readonly T[], query: PageQuery, keyOf: (item: T) => string): Page<T> {
  const start = query.cursor ? items.findIndex((item) => keyOf(item) === query.cursor) + 1 : 0
  const shown = items.slice(start, start + query.limit)
  const last = shown.at(-1)
  return { items: shown, next: last && start + query.limit < items.length ? keyOf(last) : null, total: items.length }
}
