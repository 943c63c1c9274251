import { Check, Copy } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { IconButton } from '../button.tsx'
import { highlight } from '../command/highlight.ts'
import type { Ink } from '../command/highlight.ts'

const Diagram = lazy(() => import('./diagram.tsx'))

const INK: Record<Ink, string> = { plain: '', word: 'text-accent-text', text: 'text-add', note: 'text-ink-faint', number: 'text-change' }
const LANGUAGES: Readonly<Record<string, Parameters<typeof highlight>[1]>> = {
  sh: 'shell',
  bash: 'shell',
  shell: 'shell',
  zsh: 'shell',
  yaml: 'shell',
  yml: 'shell',
  toml: 'shell',
  py: 'python',
  python: 'python',
  js: 'script',
  jsx: 'script',
  ts: 'script',
  tsx: 'script',
  javascript: 'script',
  typescript: 'script',
  json: 'script',
  java: 'script',
  c: 'script',
  cpp: 'script',
  go: 'script',
  rust: 'script',
  php: 'script',
}
const LONGEST = 20_000

/** Code with its language and a way to copy it; Mermaid is drawn once it is whole. */
export function CodeBlock({ language, code, open }: { language: string; code: string; open: boolean }) {
  const [source, setSource] = useState(false)
  const drawn = language === 'mermaid' && !open && !source
  return (
    <figure className="my-3 overflow-hidden rounded-card border border-line bg-sunken">
      <figcaption className="flex h-8 items-center gap-2 border-b border-line pl-3 pr-1 text-12 text-ink-faint">
        <span className="mono flex-1">{language || 'text'}</span>
        {language === 'mermaid' && !open ? (
          <button
            type="button"
            onClick={() => setSource(!source)}
            className="rounded-control px-1.5 py-0.5 font-medium hover:bg-hover hover:text-ink"
          >
            {source ? 'Diagram' : 'Source'}
          </button>
        ) : null}
        <CopyButton text={code} label="Copy the code" />
      </figcaption>
      {drawn ? (
        <Suspense fallback={<div className="skeleton m-3 h-32" />}>
          <Diagram code={code} otherwise={<Ink code={code} language="" />} />
        </Suspense>
      ) : (
        <Ink code={code} language={language} />
      )}
    </figure>
  )
}

function Ink({ code, language }: { code: string; language: string }) {
  const known = LANGUAGES[language.toLowerCase()]
  return (
    <pre tabIndex={0} aria-label="Code" className="mono overflow-auto p-3 text-12 leading-body text-ink">
      {known && code.length <= LONGEST
        ? highlight(code, known).map((piece, index) => (
            <span key={index} className={INK[piece.ink]}>
              {piece.text}
            </span>
          ))
        : code}
    </pre>
  )
}

/** Copies a text; says so for two seconds. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      icon={copied ? Check : Copy}
      size={14}
      label={copied ? 'Copied' : label}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    />
  )
}
