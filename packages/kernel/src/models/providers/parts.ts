import type { ModelMessage, ModelPart } from '@life-os/contract'
import type { ProviderRequest } from './types.ts'
import { toolNames } from './names.ts'

/** A part with the bytes of its file, as every format needs it. */
export type ReadyPart =
  | { type: 'text'; text: string }
  | { type: 'file'; bytes: Uint8Array; mime: string; name: string | undefined }
  | { type: 'tool-call'; id: string; name: string; input: Record<string, unknown> }
  | { type: 'tool-result'; id: string; name: string; output: unknown; failed: boolean }
export interface ReadyMessage {
  role: ModelMessage['role']
  parts: ReadyPart[]
}

const TEXTUAL = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|javascript|x-ndjson)\b)/

/**
 * The messages as formats take them: those of the system first, since not every format has them elsewhere; files of text as
 * text; names of tools as they go over the wire; no empty parts.
 */
export async function readyMessages(request: ProviderRequest): Promise<ReadyMessage[]> {
  const messages = await Promise.all(
    request.messages.map(async ({ role, content }) => {
      const parts = await Promise.all(content.map((part) => readyPart(part, request)))
      return { role, parts: parts.filter((part) => part.type !== 'text' || part.text !== '') }
    }),
  )
  const filled = messages.filter((message) => message.parts.length > 0)
  return [...filled.filter((message) => message.role === 'system'), ...filled.filter((message) => message.role !== 'system')]
}

async function readyPart(part: ModelPart, request: ProviderRequest): Promise<ReadyPart> {
  const { encode } = toolNames([])
  switch (part.type) {
    case 'text':
      return part
    case 'file':
      return readyFile(part, await request.bytes(part.blob))
    case 'tool-call':
      return { type: 'tool-call', id: part.id, name: encode(part.tool), input: asObject(part.input) }
    case 'tool-result':
      return { type: 'tool-result', id: part.id, name: encode(part.tool), output: part.output, failed: part.failed === true }
  }
}
function readyFile(part: Extract<ModelPart, { type: 'file' }>, bytes: Uint8Array): ReadyPart {
  if (!TEXTUAL.test(part.mime)) return { type: 'file', bytes, mime: part.mime, name: part.name }
  return { type: 'text', text: `File ${part.name ?? 'without a name'} (${part.mime}):\n${new TextDecoder().decode(bytes)}` }
}

/** Formats take objects alone; a call with anything else was refused, and the model sees what it wrote. */
function asObject(input: unknown): Record<string, unknown> {
  // A cast, because an object that is no list is a record.
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Record<string, unknown>) : { input }
}
