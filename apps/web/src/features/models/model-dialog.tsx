import type { Model } from '@life-os/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Gauge, Image, Play, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Confirm, Dialog } from '../../components/dialog.tsx'
import { Field, TextArea } from '../../components/field.tsx'
import { GLYPH } from '../../components/glyphs.ts'
import { priceWords } from '../../components/models/model-words.ts'
import { api, client, requestError } from '../../lib/api.ts'
import { duration, money, moment, number } from '../../lib/format.ts'
import { reportDone, reportFailure } from '../../lib/report.ts'
import { uploadBlob } from '../../lib/upload.ts'
import { inOrder, modelFacts, share } from './model-words.ts'

/** One model: what it can do, how it did, a prompt to try it with. */
export function ModelDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const queries = useQueryClient()
  const [removing, setRemoving] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: api.models.key() })
  const qualify = useMutation({ mutationFn: () => client.models.qualify({ ref: model.ref }), onSettled: refresh, meta: { quiet: true } })
  const remove = useMutation({
    mutationFn: () => client.models.remove({ ref: model.ref }),
    onSuccess: () => {
      reportDone(`${model.title} is gone from this machine.`)
      onClose()
    },
    onSettled: refresh,
  })
  const found = model.qualification
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      wide
      title={model.title}
      description={model.ref}
      footer={
        <>
          {model.local && model.size !== null ? (
            <Button large tone="grave" icon={Trash2} className="mr-auto" onClick={() => setRemoving(true)}>
              Delete
            </Button>
          ) : null}
          <Button large onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5 p-4">
        <div className="flex flex-wrap items-center gap-1.5">
          {inOrder(model.capabilities).map(({ capability, word }) => (
            <Badge key={capability}>{word}</Badge>
          ))}
          {model.local ? (
            <Badge tone="private" icon={GLYPH.private}>
              private data may reach it
            </Badge>
          ) : (
            <Badge tone="untrusted" icon={GLYPH.untrusted}>
              leaves this machine
            </Badge>
          )}
          <span className="figures text-12 text-ink-faint">
            {[modelFacts(model), priceWords(model.price) || (model.local ? 'free' : '')].filter((word) => word !== '').join(' · ')}
          </span>
        </div>
        {model.capabilities.includes('text') ? <Trial model={model} /> : null}
        <section className="flex flex-col gap-2">
          <header className="flex items-center gap-2">
            <h3 className="font-semibold">How well it does</h3>
            <span className="text-12 text-ink-faint">{found ? `measured ${moment(found.at)}` : 'not measured yet'}</span>
            <Button icon={Gauge} busy={qualify.isPending} onClick={() => qualify.mutate()} className="ml-auto">
              Measure
            </Button>
          </header>
          {qualify.error ? <p className="text-remove">{requestError(qualify.error).message}</p> : null}
          {found ? (
            <dl className="grid grid-cols-5 gap-px overflow-hidden rounded-card border border-line bg-line phone:grid-cols-2">
              <Figure name="Valid tool calls" value={share(found.tools)} />
              <Figure name="Valid JSON" value={share(found.json)} />
              <Figure name="True context" value={found.context === null ? 'not measured' : number(found.context)} />
              <Figure name="Tokens a second" value={found.speed === null ? 'not measured' : number(found.speed)} />
              <Figure name="First token" value={found.firstToken === null ? 'not measured' : duration(found.firstToken)} />
            </dl>
          ) : (
            <p className="text-ink-faint">
              Measuring sends a few dozen small prompts{model.local ? '' : ' and costs a little'}. Routing uses what comes out.
            </p>
          )}
          {found?.notes.map((note) => (
            <p key={note} className="text-12 text-ink-faint">
              {note}
            </p>
          ))}
        </section>
      </div>
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={`Delete ${model.title}?`}
        message="Its files go from this machine. It can be fetched again."
        confirm="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
      />
    </Dialog>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className="bg-surface px-3 py-2">
      <dt className="text-12 text-ink-faint">{name}</dt>
      <dd className="figures font-medium">{value}</dd>
    </div>
  )
}

function Trial({ model }: { model: Model }) {
  const [prompt, setPrompt] = useState('Say in one sentence what you are good at.')
  const [picture, setPicture] = useState<{ blob: string; mime: string; name: string } | null>(null)
  const file = useRef<HTMLInputElement>(null)
  const sees = model.capabilities.includes('vision')
  const test = useMutation({
    mutationFn: () => client.models.test({ ref: model.ref, prompt, ...(picture && { blob: picture.blob, mime: picture.mime }) }),
    meta: { quiet: true },
  })
  return (
    <form className="flex flex-col gap-2" onSubmit={(event) => (event.preventDefault(), test.mutate())}>
      <Field label="Try it">
        {(ids) => <TextArea {...ids} value={prompt} maxLength={20_000} onChange={(event) => setPrompt(event.target.value)} />}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" tone="accent" icon={Play} busy={test.isPending} disabled={prompt.trim() === ''}>
          Send
        </Button>
        {sees ? (
          <Button icon={Image} onClick={() => (picture ? setPicture(null) : file.current?.click())}>
            {picture ? `Without ${picture.name}` : 'With a picture'}
          </Button>
        ) : null}
        <input
          ref={file}
          type="file"
          hidden
          accept="image/png,image/jpeg,image/webp"
          aria-label="A picture"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            if (chosen) uploadBlob(chosen).then((blob) => setPicture({ blob, mime: chosen.type, name: chosen.name }), reportFailure)
            event.target.value = ''
          }}
        />
        {test.data ? (
          <span className="figures text-12 text-ink-faint">
            {[
              duration(test.data.latency),
              test.data.firstToken === null ? null : `first token ${duration(test.data.firstToken)}`,
              `${number(test.data.usage.input + test.data.usage.output)} tokens`,
              test.data.micros > 0 ? money(test.data.micros) : null,
            ]
              .filter((word) => word !== null)
              .join(' · ')}
          </span>
        ) : null}
      </div>
      {test.error ? (
        <p role="alert" className="rounded-control bg-remove-soft p-2.5 text-remove">
          {requestError(test.error).message}
        </p>
      ) : null}
      {test.data ? (
        <p className="whitespace-pre-wrap break-words rounded-control bg-sunken p-3 text-14">{test.data.text || 'It said nothing.'}</p>
      ) : null}
    </form>
  )
}
