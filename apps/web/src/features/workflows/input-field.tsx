import type { PlanInput } from '@life-os/contract'
import { ChevronDown, FolderOpen, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../components/button.tsx'
import { Check } from '../../components/check.tsx'
import { Field, TextArea, TextInput } from '../../components/field.tsx'
import { ChoiceMenu } from '../../components/menu.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { FolderPicker } from '../../components/folder-picker.tsx'
import { firstValue, titleOf } from './inputs.ts'
import type { Values } from './inputs.ts'

interface InputFieldProps {
  name: string
  input: PlanInput
  value: unknown
  fault: string | undefined
  onChange: (value: unknown) => void
  focus?: boolean
}

/** One declared input as a field, by its type. */
export function InputField({ name, input, value, fault, onChange, focus = false }: InputFieldProps) {
  const label = titleOf(name, input)
  if (input.type === 'boolean') {
    return (
      <div className="flex flex-col gap-1">
        <label className="flex items-center gap-2.5">
          <Check checked={value === true} onChange={onChange} label={label} />
          <span className="font-medium">{label}</span>
        </label>
        {input.help ? <p className="pl-6.5 text-12 text-ink-faint">{input.help}</p> : null}
      </div>
    )
  }
  if (input.type === 'record') {
    const record = (value ?? {}) as Values // what firstValue made
    return (
      <fieldset className="flex flex-col gap-3 rounded-card border border-line p-3">
        <legend className="px-1 font-medium">{label}</legend>
        {Object.entries(input.fields).map(([key, field]) => (
          <InputField
            key={key}
            name={key}
            input={field}
            value={record[key]}
            fault={undefined}
            onChange={(next) => onChange({ ...record, [key]: next })}
          />
        ))}
        {fault ? (
          <p role="alert" className="text-12 text-remove">
            {fault}
          </p>
        ) : null}
      </fieldset>
    )
  }
  return (
    <Field label={label} help={input.help} error={fault} optional={input.optional === true}>
      {(ids) => <Control ids={ids} name={name} input={input} value={value} onChange={onChange} focus={focus} />}
    </Field>
  )
}

type Ids = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

function Control({ ids, name, input, value, onChange, focus }: { ids: Ids } & Omit<InputFieldProps, 'fault'>) {
  const common = { ...ids, value: text(value), autoFocus: focus === true }
  switch (input.type) {
    case 'text':
      return input.multiline ? (
        <TextArea {...common} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <TextInput {...common} onChange={(event) => onChange(event.target.value)} />
      )
    case 'number':
      return <TextInput {...common} inputMode="decimal" className="figures max-w-40" onChange={(event) => onChange(event.target.value)} />
    case 'date':
      return <TextInput {...common} type="date" className="max-w-48" onChange={(event) => onChange(event.target.value)} />
    case 'secret':
      return (
        <TextInput
          {...common}
          className="mono text-12"
          placeholder="the secret’s name"
          onChange={(event) => onChange(event.target.value)}
        />
      )
    case 'path':
    case 'file':
      return <PathControl {...common} file={input.type === 'file'} onChange={onChange} />
    case 'choice': {
      const options = [
        ...(input.optional ? [{ value: '', label: 'None' }] : []),
        ...input.choices.map((choice) => ({ value: choice, label: choice })),
      ]
      if (options.length <= 4 && options.every((option) => option.label.length <= 16))
        return (
          <span id={ids.id}>
            <Segmented label={titleOf(name, input)} value={text(value)} options={options} onChange={onChange} />
          </span>
        )
      return (
        <ChoiceMenu
          value={text(value)}
          options={options}
          onChange={onChange}
          trigger={
            <Button {...ids} large className="w-fit min-w-48 justify-between">
              {text(value) || 'None'}
              <ChevronDown aria-hidden size={14} className="text-ink-faint" />
            </Button>
          }
        />
      )
    }
    case 'list':
      if (input.of.type === 'text' && !input.of.multiline)
        return <LinesControl ids={ids} value={Array.isArray(value) ? value.map(text) : []} onChange={onChange} />
      return <ListControl ids={ids} name={name} input={input} value={Array.isArray(value) ? value : []} onChange={onChange} />
    case 'boolean':
    case 'record':
      return null // drawn above, without a label over them
  }
}

function PathControl({
  file,
  onChange,
  ...rest
}: Ids & { value: string; autoFocus: boolean; file: boolean; onChange: (value: unknown) => void }) {
  const [picking, setPicking] = useState(false)
  return (
    <div className="flex gap-2">
      <TextInput
        {...rest}
        className="mono text-12"
        placeholder={file ? '/home/you/notes.txt' : '/home/you/Downloads'}
        onChange={(event) => onChange(event.target.value)}
      />
      <Button icon={FolderOpen} className="h-8!" onClick={() => setPicking(true)}>
        Choose
      </Button>
      {picking ? (
        <FolderPicker
          start={rest.value}
          file={file}
          onClose={() => setPicking(false)}
          onPick={(path) => (onChange(path), setPicking(false))}
        />
      ) : null}
    </div>
  )
}

/** A list of texts: one a line. */
function LinesControl({ ids, value, onChange }: { ids: Ids; value: readonly string[]; onChange: (value: unknown) => void }) {
  return (
    <TextArea
      {...ids}
      className="mono text-12"
      rows={Math.max(2, Math.min(8, value.length + 1))}
      spellCheck={false}
      placeholder="one a line"
      value={value.join('\n')}
      onChange={(event) => onChange(event.target.value === '' ? [] : event.target.value.split('\n'))}
    />
  )
}

function ListControl({
  ids,
  name,
  input,
  value,
  onChange,
}: {
  ids: Ids
  name: string
  input: Extract<PlanInput, { type: 'list' }>
  value: readonly unknown[]
  onChange: (value: unknown) => void
}) {
  return (
    <div className="flex flex-col gap-1.5" id={ids.id} role="group" aria-label={titleOf(name, input)}>
      {value.map((each, index) => (
        <div key={index} className="flex items-center gap-1.5">
          <div className="min-w-0 flex-1">
            {input.of.type === 'record' || input.of.type === 'list' || input.of.type === 'boolean' ? (
              <InputField
                name={`${index + 1}`}
                input={input.of}
                value={each}
                fault={undefined}
                onChange={(next) => onChange(value.with(index, next))}
              />
            ) : (
              <Control
                ids={{ id: `${ids.id}-${index}`, 'aria-describedby': undefined, 'aria-invalid': undefined }}
                name={`${name} ${index + 1}`}
                input={input.of}
                value={each}
                onChange={(next) => onChange(value.with(index, next))}
              />
            )}
          </div>
          <IconButton icon={X} label={`Remove ${index + 1}`} onClick={() => onChange(value.toSpliced(index, 1))} />
        </div>
      ))}
      <Button
        icon={Plus}
        className="w-fit"
        disabled={input.max !== undefined && value.length >= input.max}
        onClick={() => onChange([...value, firstValue(input.of)])}
      >
        Add
      </Button>
    </div>
  )
}
