import { ChevronDown, FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../button.tsx'
import { Field, TextArea, TextInput } from '../field.tsx'
import { FolderPicker } from '../folder-picker.tsx'
import { ChoiceMenu } from '../menu.tsx'
import { SecretField } from '../secrets/secret-field.tsx'
import { Segmented } from '../segmented.tsx'
import { TickRow } from '../tick-row.tsx'
import { record } from './form-fields.ts'
import type { Filled, FormField } from './form-fields.ts'

interface SchemaFormProps {
  fields: readonly FormField[]
  filled: Filled
  onFilled: (next: Filled) => void
  faults: Readonly<Record<string, string>>
}

/** The fields of a JSON Schema: labels above, help under, the fault beside its field. */
export function SchemaForm({ fields, filled, onFilled, faults }: SchemaFormProps) {
  return (
    <div className="flex flex-col gap-4">
      {fields.map((field) => (
        <FormRow
          key={field.name}
          field={field}
          value={filled[field.name]}
          fault={faults[field.name]}
          onChange={(value) => onFilled({ ...filled, [field.name]: value })}
        />
      ))}
    </div>
  )
}

interface RowProps {
  field: FormField
  value: unknown
  fault: string | undefined
  onChange: (value: unknown) => void
}

function FormRow({ field, value, fault, onChange }: RowProps) {
  if (field.kind === 'boolean') return <TickRow checked={value === true} onChange={onChange} label={field.label} help={field.help} />
  if (field.kind === 'several') return <Several field={field} value={value} fault={fault} onChange={onChange} />
  if (field.kind === 'record')
    return (
      <fieldset className="flex flex-col gap-3 rounded-card border border-line p-3">
        <legend className="px-1 font-medium">{field.label}</legend>
        <SchemaForm fields={field.fields} filled={record(value)} onFilled={onChange} faults={{}} />
        {fault ? (
          <p role="alert" className="text-12 text-remove">
            {fault}
          </p>
        ) : null}
      </fieldset>
    )
  return (
    <Field label={field.label} help={field.help || undefined} error={fault} optional={!field.required && field.first === undefined}>
      {(ids) => <Control ids={ids} field={field} value={value} onChange={onChange} />}
    </Field>
  )
}

/** Any of several, each a tick. */
function Several({ field, value, fault, onChange }: RowProps) {
  const ticked = Array.isArray(value) ? value.map(String) : []
  const toggle = (choice: string, on: boolean): void =>
    onChange(field.choices.filter((each) => (each === choice ? on : ticked.includes(each))))
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{field.label}</legend>
      {field.choices.map((choice, index) => (
        <TickRow
          key={choice}
          checked={ticked.includes(choice)}
          onChange={(on) => toggle(choice, on)}
          label={field.titles[index] ?? choice}
        />
      ))}
      {fault ? (
        <p role="alert" className="text-12 text-remove">
          {fault}
        </p>
      ) : field.help ? (
        <p className="text-12 text-ink-faint">{field.help}</p>
      ) : null}
    </fieldset>
  )
}

type Ids = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }

function Control({ ids, field, value, onChange }: Omit<RowProps, 'fault'> & { ids: Ids }) {
  const text = typeof value === 'string' ? value : ''
  switch (field.kind) {
    case 'number':
      return (
        <TextInput
          {...ids}
          inputMode="decimal"
          className="figures max-w-40"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'long':
      return <TextArea {...ids} value={text} onChange={(event) => onChange(event.target.value)} />
    case 'json':
      return (
        <TextArea
          {...ids}
          className="mono text-12"
          rows={4}
          spellCheck={false}
          placeholder="{ }"
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'lines':
      return (
        <TextArea
          {...ids}
          className="mono text-12"
          rows={3}
          spellCheck={false}
          placeholder="one a line"
          value={Array.isArray(value) ? value.join('\n') : ''}
          onChange={(event) => onChange(event.target.value === '' ? [] : event.target.value.split('\n'))}
        />
      )
    case 'choice':
      return <Choice ids={ids} field={field} value={text} onChange={onChange} />
    case 'secret':
      return <SecretField ids={ids} value={text} onChange={onChange} />
    case 'path':
      return <PathControl ids={ids} value={text} onChange={onChange} />
    default:
      return <TextInput {...ids} value={text} onChange={(event) => onChange(event.target.value)} />
  }
}

function Choice({ ids, field, value, onChange }: { ids: Ids; field: FormField; value: string; onChange: (value: unknown) => void }) {
  const options = [
    ...(field.required || field.first !== undefined ? [] : [{ value: '', label: 'None' }]),
    ...field.choices.map((choice, index) => ({ value: choice, label: field.titles[index] ?? choice })),
  ]
  if (options.length <= 4 && options.every((option) => option.label.length <= 16))
    return (
      <span id={ids.id}>
        <Segmented label={field.label} value={value} options={options} onChange={onChange} />
      </span>
    )
  return (
    <ChoiceMenu
      value={value}
      options={options}
      onChange={onChange}
      trigger={
        <Button {...ids} large className="w-fit min-w-48 justify-between!">
          {options.find((option) => option.value === value)?.label ?? 'None'}
          <ChevronDown aria-hidden size={14} className="text-ink-faint" />
        </Button>
      }
    />
  )
}

/** A path of this machine, written or picked. */
export function PathControl({
  ids,
  value,
  onChange,
  file = false,
}: {
  ids: Ids
  value: string
  onChange: (value: string) => void
  file?: boolean
}) {
  const [picking, setPicking] = useState(false)
  return (
    <div className="flex gap-2">
      <TextInput
        {...ids}
        className="mono text-12"
        placeholder="/home/you/…"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button icon={FolderOpen} className="h-8! phone:h-11!" onClick={() => setPicking(true)}>
        Choose
      </Button>
      {picking ? (
        <FolderPicker start={value} file={file} onClose={() => setPicking(false)} onPick={(path) => (onChange(path), setPicking(false))} />
      ) : null}
    </div>
  )
}
