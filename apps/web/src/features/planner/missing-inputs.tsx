import type { MissingInput } from '@life-os/contract'
import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Field, TextArea, TextInput } from '../../components/field.tsx'
import { FolderPicker } from '../../components/folder-picker.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { homeText } from '../../lib/format.ts'
import type { Filled } from './missing.ts'

/** Asks for what a goal did not say. */
export function MissingInputs({
  missing,
  filled,
  onFilled,
  faults,
}: {
  missing: readonly MissingInput[]
  filled: Filled
  onFilled: (filled: Filled) => void
  faults: Readonly<Record<string, string>>
}) {
  const [picking, setPicking] = useState<MissingInput | null>(null)
  const set = (name: string, value: string): void => onFilled({ ...filled, [name]: value })
  return (
    <fieldset className="flex flex-col gap-4 rounded-card border border-line-strong bg-surface p-4">
      <legend className="px-1 font-medium">Still to be said</legend>
      {missing.map((each) => (
        <Field key={each.name} label={each.question} error={faults[each.name]}>
          {(ids) => {
            const value = filled[each.name] ?? ''
            if (each.input.type === 'choice')
              return (
                <Segmented
                  label={each.question}
                  value={value}
                  options={each.input.choices.map((choice) => ({ value: choice, label: choice }))}
                  onChange={(next) => set(each.name, next)}
                />
              )
            if (each.input.type === 'boolean')
              return (
                <Segmented
                  label={each.question}
                  value={value || 'no'}
                  options={[
                    { value: 'yes', label: 'Yes' },
                    { value: 'no', label: 'No' },
                  ]}
                  onChange={(next) => set(each.name, next)}
                />
              )
            if (each.input.type === 'list')
              return <TextArea {...ids} placeholder="one a line" value={value} onChange={(event) => set(each.name, event.target.value)} />
            const place = each.input.type === 'path' || each.input.type === 'file'
            return (
              <span className="flex flex-wrap gap-2">
                <TextInput
                  {...ids}
                  className={place ? 'mono min-w-48 flex-1' : ''}
                  value={value}
                  onChange={(event) => set(each.name, event.target.value)}
                />
                {place ? (
                  <Button icon={FolderOpen} className="h-8" onClick={() => setPicking(each)}>
                    Choose
                  </Button>
                ) : null}
                {each.near !== undefined && value !== each.near ? (
                  <Button className="mono h-8" onClick={() => set(each.name, each.near ?? '')}>
                    Use {homeText(each.near)}
                  </Button>
                ) : null}
              </span>
            )
          }}
        </Field>
      ))}
      {picking ? (
        <FolderPicker
          start={filled[picking.name] ?? ''}
          file={picking.input.type === 'file'}
          onPick={(path) => {
            set(picking.name, path)
            setPicking(null)
          }}
          onClose={() => setPicking(null)}
        />
      ) : null}
    </fieldset>
  )
}
