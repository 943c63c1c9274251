import { count } from '../lib/format.ts'

/** One named value: short ones in a line, lists and records folded. */
export function ValueView({ name, value }: { name: string; value: unknown }) {
  const plain = value === null || typeof value !== 'object'
  return (
    <div className="border-b border-line px-4 py-2 last:border-b-0">
      {plain ? (
        <p className="flex gap-4">
          <span className="w-40 shrink-0 font-medium">{name}</span>
          <span className="mono min-w-0 break-all text-12 text-ink-soft">{value === null ? 'nothing' : String(value)}</span>
        </p>
      ) : (
        <details>
          <summary className="flex cursor-pointer gap-4">
            <span className="w-40 shrink-0 font-medium">{name}</span>
            <span className="text-ink-faint">
              {Array.isArray(value) ? count(value.length, 'item') : count(Object.keys(value).length, 'field')}
            </span>
          </summary>
          <pre tabIndex={0} className="mono mt-2 max-h-96 overflow-auto rounded-control bg-sunken p-3 text-12 text-ink-soft">
            {JSON.stringify(value, null, 2)}
          </pre>
        </details>
      )}
    </div>
  )
}
