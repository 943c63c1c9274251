import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { parseCsv } from '../../lib/csv.ts'
import { count } from '../../lib/format.ts'

const ROW = 30
const MOST_COLUMNS = 60
const numeric = (text: string): boolean => text !== '' && !Number.isNaN(Number(text.replace(',', '.')))

/** A CSV text as a table: its first row is the head and stays in sight; only rows in sight are drawn. */
export function CsvTable({ text, name }: { text: string; name: string }) {
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => parseCsv(text), [text])
  const head = (rows[0] ?? []).slice(0, MOST_COLUMNS)
  const body = rows.length - 1
  const columns = useMemo(
    () => head.map((_, column) => ({ right: rows.slice(1, 30).every((row) => numeric(row[column] ?? '')), width: widthOf(rows, column) })),
    [rows, head],
  )
  const virtual = useVirtualizer({
    count: Math.max(0, body),
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  if (body < 1) return <p className="px-4 py-3 text-ink-faint">The table is empty.</p>
  const grid = { gridTemplateColumns: columns.map((column) => `${column.width}px`).join(' ') }
  return (
    <div>
      <div
        ref={scroll}
        role="table"
        aria-label={name}
        aria-rowcount={rows.length}
        aria-colcount={head.length}
        tabIndex={0}
        className="max-h-96 overflow-auto text-12 focus-visible:-outline-offset-2"
      >
        <div role="rowgroup" className="sticky top-0 z-10 w-max min-w-full bg-sunken">
          <div role="row" aria-rowindex={1} className="grid border-b border-line font-medium" style={grid}>
            {head.map((title, column) => (
              <span
                key={column}
                role="columnheader"
                title={title}
                className={`truncate px-3 py-1.5 ${columns[column]?.right ? 'text-right' : ''}`}
              >
                {title}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className="relative w-max min-w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((slot) => (
            <div
              key={slot.key}
              role="row"
              aria-rowindex={slot.index + 2}
              className="absolute left-0 top-0 grid min-w-full border-b border-line/60"
              style={{ ...grid, height: ROW, transform: `translateY(${slot.start}px)` }}
            >
              {head.map((_, column) => {
                const cell = rows[slot.index + 1]?.[column] ?? ''
                return (
                  <span
                    key={column}
                    role="cell"
                    title={cell}
                    className={`mono truncate px-3 py-1.5 ${columns[column]?.right ? 'text-right' : ''}`}
                  >
                    {cell}
                  </span>
                )
              })}
            </div>
          ))}
        </div>
      </div>
      <p className="border-t border-line px-3 py-1.5 text-12 text-ink-faint">
        {count(body, 'row')}, {count(rows[0]?.length ?? 0, 'column')}
      </p>
    </div>
  )
}

const LETTER = 7.6
/** Wide enough for most of what stands in a column, by its first rows. */
function widthOf(rows: readonly (readonly string[])[], column: number): number {
  const longest = Math.max(...rows.slice(0, 50).map((row) => row[column]?.length ?? 0))
  return Math.round(Math.min(320, Math.max(64, longest * LETTER + 24)))
}
