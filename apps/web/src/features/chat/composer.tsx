import type { Attachment } from '@life-os/contract'
import { useEffect, useRef, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { requestError } from '../../lib/api.ts'
import { AttachmentChip, tooLarge, uploaded } from './attachments.tsx'
import { ComposerFoot } from './composer-foot.tsx'
import { drafts } from './drafts.ts'
import { useFileDrop } from './use-file-drop.ts'
import { SlashMenu } from './slash-menu.tsx'
import { parseSlash } from './slash-commands.ts'
import type { ComposerProps } from './composer-props.ts'

/** Where a message is written: words, files, a command after a slash; who answers, with what, and how far it may go. */
export function Composer(props: ComposerProps) {
  const { draftKey, going, busy, onSend, onStop, onCommand } = props
  const [text, setText] = useState(() => drafts.read(draftKey))
  const [attachments, setAttachments] = useState<readonly Attachment[]>([])
  const [uploading, setUploading] = useState(0)
  const [fault, setFault] = useState<string | null>(null)
  const box = useRef<HTMLTextAreaElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const slash = parseSlash(text)
  useEffect(() => drafts.write(draftKey, text), [draftKey, text])
  useEffect(() => grow(box.current), [text])
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus({ preventScroll: true }) // a touch would bring up the keyboard
  }, [draftKey])
  const say = (next: string): void => (setText(next), setFault(null))
  const attach = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      if (tooLarge(file)) {
        setFault(`${file.name} is larger than 64 MB. Attach it by its place on this machine instead.`)
        continue
      }
      setUploading((count) => count + 1)
      await uploaded(file).then(
        (attachment) => setAttachments((before) => [...before, attachment]),
        (thrown: unknown) => setFault(requestError(thrown).message),
      )
      setUploading((count) => count - 1)
    }
  }
  const over = useFileDrop(form, (files) => void attach(files))
  const submit = (): void => {
    const parsed = parseSlash(text.startsWith('/') && !text.includes(' ') ? `${text} ` : text)
    if (parsed.kind === 'fault') return setFault(parsed.message)
    if (parsed.kind === 'command') {
      onCommand(parsed.command, parsed.rest)
      return say('')
    }
    if (text.trim() === '' && attachments.length === 0) return
    if (going) return setFault('Wait until the answer is there, or stop it.')
    if (busy || uploading > 0) return
    onSend(text.trim(), [...attachments])
    say('')
    setAttachments([])
  }
  return (
    <form
      aria-label="Your message"
      onSubmit={(event) => (event.preventDefault(), submit())}
      ref={form}
      className={cn(
        'relative rounded-card border bg-raised transition-colors duration-120 focus-within:border-accent',
        over ? 'border-accent bg-accent-soft' : 'border-line-strong',
      )}
    >
      {slash.kind === 'open' ? (
        <SlashMenu
          commands={slash.matches}
          onPick={(command) => {
            if (command.takes === undefined) {
              onCommand(command, '')
              say('')
            } else say(`/${command.word} `)
            box.current?.focus()
          }}
          box={box}
        />
      ) : null}
      {attachments.length > 0 || uploading > 0 ? (
        <div className="flex flex-wrap gap-1.5 px-3 pt-3">
          {attachments.map((attachment, index) => (
            <AttachmentChip
              key={index}
              attachment={attachment}
              onRemove={() => setAttachments(attachments.filter((_, each) => each !== index))}
            />
          ))}
          {uploading > 0 ? <span className="skeleton h-8 w-32" /> : null}
        </div>
      ) : null}
      <textarea
        ref={box}
        rows={1}
        value={text}
        aria-label="Message"
        placeholder="Ask, or say what should be done"
        maxLength={200_000}
        onChange={(event) => say(event.target.value)}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (files.length === 0) return
          event.preventDefault()
          void attach(files)
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.defaultPrevented) return
          if (event.key === 'Escape' && going) {
            event.preventDefault()
            onStop()
          }
          if (event.key !== 'Enter' || event.shiftKey) return
          if (text === '' && (event.metaKey || event.ctrlKey)) return // with nothing written it is for the question above
          event.preventDefault()
          submit()
        }}
        className="max-h-64 w-full resize-none bg-transparent px-3.5 pb-1 pt-3 text-14 outline-none phone:text-16"
      />
      {fault ? (
        <p role="alert" className="px-3.5 pb-1 text-12 text-remove">
          {fault}
        </p>
      ) : null}
      <ComposerFoot
        {...props}
        empty={text.trim() === '' && attachments.length === 0}
        attach={attach}
        place={(next) => setAttachments([...attachments, next])}
        onStop={onStop}
      />
    </form>
  )
}

function grow(box: HTMLTextAreaElement | null): void {
  if (!box) return
  box.style.height = 'auto'
  box.style.height = `${box.scrollHeight}px`
}
