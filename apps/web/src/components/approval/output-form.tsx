import { Check } from '../check.tsx'
import { Field, TextArea, TextInput } from '../field.tsx'
import type { OutputField } from './output-fields.ts'

export type Filled = Readonly<Record<string, string | boolean>>

/** Asks for the result that a step would have given, by its schema. */
export function OutputForm({
  fields,
  schema,
  filled,
  onFilled,
  text,
  onText,
  fault,
}: {
  fields: readonly OutputField[] | null
  schema: Record<string, unknown>
  filled: Filled
  onFilled: (filled: Filled) => void
  text: string
  onText: (text: string) => void
  fault: string | undefined
}) {
  if (fields === null) {
    return (
      <Field label="The result, if it happened" error={fault} help="The steps after this one read it. JSON of the shape above.">
        {(ids) => (
          <>
            <pre
              tabIndex={0}
              aria-label="Shape of the result"
              className="mono max-h-40 overflow-auto rounded-control bg-sunken p-2 text-12 text-ink-soft"
            >
              {JSON.stringify(schema, null, 2)}
            </pre>
            <TextArea {...ids} className="mono text-12" value={text} onChange={(event) => onText(event.target.value)} placeholder="{ }" />
          </>
        )}
      </Field>
    )
  }
  return (
    <fieldset className="flex flex-col gap-3 rounded-card border border-line bg-surface p-4">
      <legend className="px-1 font-medium">The result, if it happened</legend>
      {fields.map((field) =>
        field.type === 'boolean' ? (
          <label key={field.name} className="flex items-center gap-2.5">
            <Check checked={filled[field.name] === true} label={field.name} onChange={(on) => onFilled({ ...filled, [field.name]: on })} />
            <span className="font-medium">{field.name}</span>
          </label>
        ) : (
          <Field key={field.name} label={field.name} help={field.help} optional={!field.required}>
            {(ids) => (
              <TextInput
                {...ids}
                inputMode={field.type === 'number' ? 'decimal' : 'text'}
                value={String(filled[field.name] ?? '')}
                onChange={(event) => onFilled({ ...filled, [field.name]: event.target.value })}
              />
            )}
          </Field>
        ),
      )}
      {fault ? (
        <p role="alert" className="text-12 text-remove">
          {fault}
        </p>
      ) : null}
    </fieldset>
  )
}
