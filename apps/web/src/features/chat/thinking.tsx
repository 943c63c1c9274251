import type { ThreadMessage } from '@life-os/contract'
import { useEffect, useState } from 'react'
import { duration } from '../../lib/format.ts'
import { modelName } from './model-name.ts'

const SOON_MS = 3000

/** What is going on while nothing is being said, and since when once it takes long. */
export function Thinking({ message }: { message: ThreadMessage }) {
  const words = doing(message)
  return (
    <p className="my-2 flex min-h-6 items-center gap-2 text-ink-faint">
      <span role="status" className="sr-only">
        An answer is being made
      </span>
      <span aria-hidden className="flex items-center gap-1">
        {[0, 1, 2].map((dot) => (
          <span key={dot} className="skeleton size-1.5 rounded-full" />
        ))}
      </span>
      <Since key={`${message.parts.length} ${words}`} words={words} />
    </p>
  )
}

function Since({ words }: { words: string }) {
  const [begun] = useState(() => Date.now())
  const [now, setNow] = useState(begun)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const passed = Math.floor((now - begun) / 1000) * 1000
  return passed < SOON_MS ? null : (
    <span className="figures truncate text-12">
      {words} · {duration(passed)}
    </span>
  )
}

function doing({ state, model, parts }: ThreadMessage): string {
  if (state === 'queued') return 'Waits for its turn'
  const running = parts.findLast((part) => part.type === 'tool' && part.state === 'running')
  if (running?.type === 'tool') return running.title
  if (parts.findLast((part) => part.type === 'plan')?.state === 'running') return 'The plan runs'
  return `${model === null ? 'The model' : modelName(model)} ${parts.length === 0 ? 'reads and thinks' : 'goes on thinking'}`
}
