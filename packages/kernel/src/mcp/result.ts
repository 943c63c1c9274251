import type { CallToolResult, ContentBlock, GetPromptResult, ReadResourceResult } from '@modelcontextprotocol/client'
import type { HostServices } from '../host/index.ts'
import { LIMITS } from './limits.ts'
import { lines, oneLine } from './words.ts'

/** What a server's tool answers here. All of it is the server's word: untrusted, whatever it looks like. */
export interface McpResult {
  text: string
  data?: unknown
  files: { blob: string; mime: string; size: number }[]
  links: { uri: string; name: string; mime: string | null }[]
}
export interface McpOutcome extends McpResult {
  failed: boolean
}

type Keep = (bytes: Uint8Array) => Promise<{ blob: string; size: number }>

/** Through the host, so that what is kept carries the labels of the call. */
export function keeper(services: HostServices, signal: AbortSignal): Keep {
  return async (bytes) => (await services.handle('blobs.put', [bytes], signal)) as { blob: string; size: number } // what that service answers
}

export async function outcomeOf(result: CallToolResult, keep: Keep): Promise<McpOutcome> {
  const parts = await collect(result.content ?? [], keep)
  const data = result.structuredContent
  if (data !== undefined && JSON.stringify(data).length > LIMITS.text)
    parts.notes.push('Its structured content was too long and was left out.')
  const fits = data !== undefined && JSON.stringify(data).length <= LIMITS.text
  return { ...parts.result(), ...(fits && { data }), failed: result.isError === true }
}

export async function outcomeOfResource({ contents }: ReadResourceResult, keep: Keep): Promise<McpOutcome> {
  const parts = await collect(
    contents.map((resource): ContentBlock => ({ type: 'resource', resource })),
    keep,
  )
  return { ...parts.result(), failed: false }
}

export async function outcomeOfPrompt({ description, messages }: GetPromptResult, keep: Keep): Promise<McpOutcome> {
  const parts = await collect(
    messages.map(({ content }) => content),
    keep,
  )
  const { text, ...rest } = parts.result()
  return { text: description === undefined ? text : `${description}\n\n${text}`, ...rest, failed: false }
}

async function collect(blocks: readonly ContentBlock[], keep: Keep) {
  const texts: string[] = []
  const notes: string[] = []
  const files: McpResult['files'] = []
  const links: McpResult['links'] = []
  const file = async (base64: string, mime: string | undefined): Promise<void> => {
    const { blob, size } = await keep(new Uint8Array(Buffer.from(base64, 'base64')))
    files.push({ blob, mime: oneLine(mime ?? 'application/octet-stream', 100), size })
  }
  for (const block of blocks.slice(0, LIMITS.parts)) {
    if (block.type === 'text') texts.push(block.text)
    else if (block.type === 'image' || block.type === 'audio') await file(block.data, block.mimeType)
    else if (block.type === 'resource_link')
      links.push({
        uri: block.uri.slice(0, 2000),
        name: oneLine(block.name, 200),
        mime: block.mimeType === undefined ? null : oneLine(block.mimeType, 100),
      })
    else if ('text' in block.resource) texts.push(block.resource.text)
    else await file(block.resource.blob, block.resource.mimeType)
  }
  if (blocks.length > LIMITS.parts) notes.push(`It sent ${blocks.length} parts; the first ${LIMITS.parts} are here.`)
  return {
    notes,
    result(): McpResult {
      const text = texts.join('\n')
      const cut = text.length > LIMITS.text ? `${text.slice(0, LIMITS.text)}…` : text
      if (cut !== text) notes.push(`Its text was ${text.length} characters long and was cut.`)
      return { text: [cut, ...notes.map((note) => `[Life-OS: ${note}]`)].filter((part) => part !== '').join('\n'), files, links }
    },
  }
}

/** A failure in the server's own words, fit for a person's eyes. */
export const saidOf = ({ text }: McpResult): string => lines(text, 4000) || 'nothing'
