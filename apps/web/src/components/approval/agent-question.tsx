import type { ApprovalDetail } from '@life-os/contract'
import { useState } from 'react'
import type { Answer } from '../../lib/queries.ts'
import { Button } from '../button.tsx'
import { Field, TextArea } from '../field.tsx'
import { GLYPH } from '../glyphs.ts'
import { Icon } from '../icon.tsx'

/** Something an agent does not know: pick one of its answers, or write another. */
export function AgentQuestion({ detail, busy, onAnswer }: { detail: ApprovalDetail; busy: boolean; onAnswer: (answer: Answer) => void }) {
  const [text, setText] = useState('')
  const choices = detail.subject?.choices ?? []
  const say = (answer: string): void => {
    if (answer.trim() !== '') onAnswer({ answer: 'done', hash: detail.hash, output: answer.trim() })
  }
  return (
    <form
      className="flex h-full flex-col gap-3 overflow-auto p-4 phone:p-3"
      onSubmit={(event) => (event.preventDefault(), say(text))}
      aria-label="Question"
    >
      <div className="flex gap-3">
        <span className="flex size-9 shrink-0 items-center justify-center rounded-card bg-accent-soft text-accent-text">
          <Icon of={GLYPH.agent} size={20} />
        </span>
        <div className="min-w-0">
          <p className="text-12 text-ink-faint">{detail.title}</p>
          <p className="whitespace-pre-line break-words text-14 font-medium">{detail.message}</p>
        </div>
      </div>
      {choices.length > 0 ? (
        <div className="flex flex-wrap gap-2">
          {choices.map((choice) => (
            <Button key={choice} large disabled={busy} onClick={() => say(choice)} className="max-w-full whitespace-normal text-left">
              {choice}
            </Button>
          ))}
        </div>
      ) : null}
      <Field label={choices.length > 0 ? 'Or in your words' : 'Your answer'}>
        {(ids) => (
          <TextArea
            {...ids}
            value={text}
            maxLength={20_000}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
                event.preventDefault()
                say(text)
              }
            }}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button large disabled={busy} onClick={() => onAnswer({ answer: 'refuse', hash: detail.hash })}>
          I do not want to say
        </Button>
        <Button large tone="accent" type="submit" busy={busy} disabled={text.trim() === ''}>
          Answer
        </Button>
      </div>
    </form>
  )
}
