import { Badge } from '../badge.tsx'
import type { Row } from './rows.ts'

type Act = Extract<Row['change'], { kind: 'page-act' }>

/** The form as it would be sent, and the page as it looks then. */
export function PageActCard({ act }: { act: Act }) {
  const to = act.form?.url ?? act.url
  const host = URL.canParse(to) ? new URL(to).host : to
  return (
    <div className="overflow-hidden rounded-card border border-line">
      <p className="flex items-center gap-2 border-b border-line bg-sunken px-3 py-2">
        <Badge tone="accent">{act.form?.method ?? act.action}</Badge>
        <span className="mono min-w-0 truncate text-12 font-medium">{host}</span>
      </p>
      <p className="mono break-all px-3 py-2 text-12 text-ink-soft">{to}</p>
      {act.fields.length > 0 ? (
        <dl className="grid max-h-72 grid-cols-[minmax(80px,auto)_1fr] gap-x-3 gap-y-1.5 overflow-auto border-t border-line px-3 py-2 text-12">
          {act.fields.map((field, index) => (
            <Field key={`${field.name} ${index}`} field={field} />
          ))}
        </dl>
      ) : null}
      {act.screenshot === undefined ? null : (
        <img
          src={`/api/v1/blobs/${act.screenshot}`}
          alt={`The page “${act.title}” as it is before ${act.target} is pressed`}
          loading="lazy"
          className="max-h-96 w-full border-t border-line bg-sunken object-contain object-top"
        />
      )}
    </div>
  )
}

function Field({ field }: { field: Act['fields'][number] }) {
  return (
    <>
      <dt className="break-words text-ink-faint">{field.label || field.name}</dt>
      <dd className={field.kind === 'hidden' ? 'mono min-w-0 break-all text-ink-faint' : 'min-w-0 whitespace-pre-wrap break-words'}>
        {field.secret === undefined ? field.value : `the secret ${field.secret}`}
      </dd>
    </>
  )
}
