import { LockKeyhole } from 'lucide-react'
import { BlobPicture } from '../blobs/blob-picture.tsx'
import { Badge } from '../badge.tsx'
import { Icon } from '../icon.tsx'
import type { Row } from './rows.ts'

type Act = Extract<Row['change'], { kind: 'page-act' }>
type Field = Act['fields'][number]

/** The form as it would be sent, and the page as it looks then. */
export function PageActCard({ act }: { act: Act }) {
  const to = act.form?.url ?? act.url
  const host = URL.canParse(to) ? new URL(to).host : to
  const own = act.fields.filter(({ kind }) => kind !== 'hidden')
  const hidden = act.fields.filter(({ kind }) => kind === 'hidden')
  return (
    <section aria-label="Action on a page" className="overflow-hidden rounded-card border border-line">
      <p className="flex items-center gap-2 border-b border-line bg-sunken px-3 py-2">
        <Badge tone="accent">{act.form?.method ?? act.action}</Badge>
        <span className="mono min-w-0 truncate text-12 font-medium">{host}</span>
      </p>
      <p className="mono break-all px-3 py-2 text-12 text-ink-soft">{to}</p>
      {own.length > 0 ? <Fields name="Fields" fields={own} /> : null}
      {hidden.length > 0 ? (
        <details className="border-t border-line">
          <summary className="cursor-pointer px-3 py-2 text-12 text-ink-faint">
            {hidden.length === 1 ? 'One hidden field of the page' : `${hidden.length} hidden fields of the page`}
          </summary>
          <Fields name="Hidden fields" fields={hidden} />
        </details>
      ) : null}
      {act.screenshot === undefined ? null : (
        <BlobPicture
          blob={act.screenshot}
          mime="image/png"
          alt={`The page “${act.title}” as it is before ${act.target} is pressed`}
          frame="max-h-96 overflow-auto border-t border-line bg-sunken"
          className="w-full"
        />
      )}
    </section>
  )
}

function Fields({ name, fields }: { name: string; fields: readonly Field[] }) {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={name}
      className="max-h-72 overflow-auto border-t border-line focus-visible:-outline-offset-2"
    >
      <table className="w-full table-fixed text-12">
        <thead className="sr-only">
          <tr>
            <th scope="col">Field</th>
            <th scope="col">What is sent</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field, index) => (
            <tr key={`${field.name} ${index}`} className="border-b border-line/60 align-top last:border-b-0">
              <th scope="row" className="w-2/5 break-words px-3 py-1.5 text-left font-normal text-ink-faint">
                {field.label || field.name}
              </th>
              <td className="break-words px-3 py-1.5">
                <Value field={field} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What is typed; of a secret only that it is one, and its name. */
function Value({ field }: { field: Field }) {
  if (field.secret !== undefined)
    return (
      <span className="inline-flex flex-wrap items-center gap-1.5">
        <Icon of={LockKeyhole} size={14} className="text-ink-faint" />
        <span aria-hidden>••••••</span>
        <span className="text-ink-faint">
          the secret <span className="mono text-ink">{field.secret}</span>
        </span>
      </span>
    )
  if (field.value === '') return <span className="text-ink-faint">empty</span>
  return <span className={field.kind === 'hidden' ? 'mono break-all text-ink-faint' : 'whitespace-pre-wrap'}>{field.value}</span>
}
