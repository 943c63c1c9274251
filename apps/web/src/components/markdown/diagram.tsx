import script from '@mermaid-js/tiny/dist/mermaid.tiny.js?url'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { safeDiagram } from './safe-diagram.ts'

/** The part of Mermaid that is used; its small build puts itself on the window. */
interface Mermaid {
  initialize: (options: Record<string, unknown>) => void
  render: (id: string, code: string) => Promise<{ svg: string }>
}

let numbered = 0
const LONGEST = 20_000

/**
 * A Mermaid diagram as a picture. An SVG inside `<img>` runs no script and loads nothing, whatever a model wrote into it.
 * What cannot be drawn is shown as its source.
 */
export default function Diagram({ code, otherwise }: { code: string; otherwise: ReactNode }) {
  const [drawn, setDrawn] = useState<{ address: string; width: number } | 'failed' | null>(null)
  const dark = useSyncExternalStore(onTheme, isDark)
  useEffect(() => {
    let wanted = true
    draw(code, dark).then(
      (picture) => wanted && setDrawn(picture),
      () => wanted && setDrawn('failed'),
    )
    return () => {
      wanted = false
    }
  }, [code, dark])
  if (drawn === 'failed') return otherwise
  if (drawn === null) return <div className="skeleton m-3 h-32" />
  return (
    <div tabIndex={0} role="group" aria-label="Diagram" className="overflow-auto bg-surface p-4">
      <img
        src={drawn.address}
        alt={`Diagram: ${code.slice(0, 400)}`}
        style={{ width: drawn.width }}
        className="mx-auto h-auto max-w-full"
      />
    </div>
  )
}

const isDark = (): boolean => document.documentElement.dataset['theme'] === 'dark'
function onTheme(listener: () => void): () => void {
  const watch = new MutationObserver(listener)
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => watch.disconnect()
}

let loading: Promise<Mermaid> | undefined

/** It is made to be loaded by a page: as a module it does not find the name it gives itself. */
function load(): Promise<Mermaid> {
  return new Promise((resolve, reject) => {
    const element = document.createElement('script')
    element.src = script
    element.addEventListener('load', () => resolve((globalThis as unknown as { mermaid: Mermaid }).mermaid)) // what the script puts there
    element.addEventListener('error', () => {
      loading = undefined
      reject(new Error('Mermaid could not be loaded'))
    })
    document.head.append(element)
  })
}

async function draw(code: string, dark: boolean): Promise<{ address: string; width: number }> {
  if (code.length > LONGEST) throw new Error('too long to be drawn')
  loading ??= load()
  const mermaid = await loading
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: dark ? 'dark' : 'neutral',
    fontFamily: 'system-ui, sans-serif',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    suppressErrorRendering: true,
  })
  const { svg } = await mermaid.render(`diagram-${++numbered}`, safeDiagram(code))
  const box = /viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"/.exec(svg)
  const sized = box ? svg.replace('<svg ', `<svg height="${box[2]}" `).replace(/width="100%"/, `width="${box[1]}"`) : svg
  return { address: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(sized)}`, width: Math.min(Number(box?.[1] ?? 640), 960) }
}
