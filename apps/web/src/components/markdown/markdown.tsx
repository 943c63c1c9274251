import { memo, useMemo } from 'react'
import type { ReactNode } from 'react'
import ReactMarkdown from 'react-markdown'
import type { Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { CITE, citing } from './cite.ts'
import { CodeBlock } from './code-block.tsx'

const NONE: ReadonlySet<number> = new Set()

/**
 * Markdown as elements. No HTML in it is used, no picture in it is loaded from elsewhere, and links open apart without telling
 * where they came from.
 */
const Markdown = memo(function Markdown({
  text,
  open = false,
  sources = NONE,
  cite,
}: {
  text: string
  /** Still being written: what is not whole yet is not drawn. */
  open?: boolean
  /** Numbers of sources that `[n]` may lead to. */
  sources?: ReadonlySet<number>
  cite?: (number: number) => ReactNode
}) {
  const plugins = useMemo(() => [remarkGfm, citing(sources)], [sources])
  const components = useMemo(() => elements(open, cite), [open, cite])
  return (
    <div className="prose">
      <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={safeAddress}>
        {text}
      </ReactMarkdown>
    </div>
  )
})
export default Markdown

/** Addresses a person may follow from here; anything else loses its link. */
function safeAddress(address: string): string {
  return /^(https?:|mailto:|#cite-)/i.test(address) ? address : ''
}

function elements(open: boolean, cite: ((number: number) => ReactNode) | undefined): Components {
  return {
    a: ({ href, children }) => {
      if (href?.startsWith(CITE)) return cite?.(Number(href.slice(CITE.length))) ?? <>{children}</>
      if (!href) return <>{children}</>
      return (
        <a href={href} target="_blank" rel="noreferrer noopener" title={href}>
          {children}
        </a>
      )
    },
    img: ({ alt, src }) => (
      <span className="text-ink-faint">
        [picture{alt ? `: ${alt}` : ''}
        {typeof src === 'string' && src !== '' ? ` at ${src}` : ''}]
      </span>
    ),
    table: ({ children }) => (
      <div tabIndex={0} role="group" aria-label="Table" className="my-3 overflow-x-auto rounded-card border border-line">
        <table>{children}</table>
      </div>
    ),
    pre: ({ children }) => <>{children}</>,
    code: ({ className, children }) => {
      const code = String(children ?? '')
      const language = /language-([\w+-]+)/.exec(className ?? '')?.[1]
      if (language === undefined && !code.includes('\n')) return <code>{code}</code>
      return <CodeBlock language={language ?? ''} code={code.replace(/\n$/, '')} open={open} />
    },
  }
}
