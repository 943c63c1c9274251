import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ollamaServer } from '@life-os/kernel/models/testing'
import type { WireAnswer, WireRequest, WireServer } from '@life-os/kernel/models/testing'

const GB = 1e9

/** A made-up Ollama that has read the script: what it says fits the folder that {@link layInvoices} fills. */
export async function startModel(papers: string): Promise<WireServer> {
  return ollamaServer({
    models: [
      { name: 'qwen3:8b', capabilities: ['completion', 'tools', 'thinking'], context: 32_768, size: 5.2 * GB, parameters: '8.2B' },
      { name: 'gemma3:4b', capabilities: ['completion', 'vision'], context: 131_072, size: 3.3 * GB, parameters: '4.3B' },
      { name: 'nomic-embed-text', capabilities: ['embedding'], context: 8192, size: 0.27 * GB, parameters: '137M' },
    ],
    answer: (request) => answerTo(request, papers),
  })
}

export function layInvoices(papers: string): void {
  mkdirSync(papers, { recursive: true })
  const invoice = (name: string, from: string, date: string, total: string): void =>
    writeFileSync(join(papers, name), `# ${from}\n\nDate: ${date}\n\n## Total\n\nTotal: ${total} EUR\n`)
  invoice('invoice-kettle.md', 'Copper Kettle Ltd', '2025-11-03', '49.90')
  invoice('invoice-lamp.md', 'Blue Lamp GmbH', '2026-02-14', '120.00')
}

function answerTo(request: WireRequest, papers: string): WireAnswer {
  const at = request.messages.findLastIndex((message) => message.role === 'user')
  const called = request.messages.slice(at).flatMap((message) => message.calls.map((call) => call.tool))
  if (/diagram/i.test(request.last)) return { text: DIAGRAM }
  if (!/invoice/i.test(request.last)) return { text: 'I can read your files, and show what I would change before anything happens.' }
  if (!called.includes('files.list'))
    return { text: 'I look at your papers first.', calls: [{ tool: 'files.list', input: { path: papers } }] }
  const read = (name: string) => ({ tool: 'documents.read', input: { path: join(papers, name) } })
  if (!called.includes('documents.read')) return { calls: [read('invoice-kettle.md'), read('invoice-lamp.md')] }
  const start = request.tools.find((tool) => tool.id.endsWith('start-plan'))
  if (start && !called.includes(start.id))
    return {
      text: 'Both have a date and a total. This plan puts them into a folder by year.',
      calls: [{ tool: start.id, input: { plan: planIn(papers), inputs: {} } }],
    }
  return {
    text: 'They are in **Invoices/2025** and **Invoices/2026**. Together they come to **169.90 EUR**: 49.90 from Copper Kettle [2] and 120.00 from Blue Lamp [4].',
  }
}

const planIn = (papers: string) => ({
  id: 'invoices-by-year',
  name: 'Invoices by year',
  steps: [
    ['kettle', 'invoice-kettle.md', '2025'],
    ['lamp', 'invoice-lamp.md', '2026'],
  ].map(([id, name = '', year = '']) => ({
    id,
    title: `Into ${year}`,
    tool: 'files.move',
    input: { from: join(papers, name), to: join(papers, 'Invoices', year, name) },
  })),
})

const DIAGRAM = `A run goes like this:

\`\`\`mermaid
flowchart LR
  A[Preview] --> B{Approve?}
  B -- yes --> C[Run]
  B -- no --> D[Nothing happens]
  C --> E[Undo]
\`\`\`

| step | what you see |
| --- | --- |
| Preview | every change |
| Run | ticks as they are made |
| Undo | the same page, mirrored |
`
