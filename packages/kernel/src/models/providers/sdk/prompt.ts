import type {
  JSONObject,
  JSONValue,
  LanguageModelV4CallOptions,
  LanguageModelV4FilePart,
  LanguageModelV4Message,
  LanguageModelV4TextPart,
  LanguageModelV4ToolCallPart,
  LanguageModelV4ToolResultOutput,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider'
import { toolNames } from '../names.ts'
import { readyMessages } from '../parts.ts'
import type { ReadyMessage, ReadyPart } from '../parts.ts'
import type { ProviderRequest } from '../types.ts'

/** A request in the AI SDK's words. Schemas are handed on as they are. */
export async function callOptions(
  request: ProviderRequest,
  signal: AbortSignal,
  providerOptions: SharedV4ProviderOptions,
): Promise<LanguageModelV4CallOptions> {
  const { encode } = toolNames([])
  const tools = request.tools.map((tool) => ({
    type: 'function' as const,
    name: encode(tool.id),
    description: tool.description,
    inputSchema: tool.input,
  }))
  return {
    prompt: (await readyMessages(request)).flatMap(message),
    maxOutputTokens: request.maxTokens,
    abortSignal: signal,
    providerOptions,
    ...(tools.length > 0 && { tools, toolChoice: { type: request.toolChoice } }),
    ...(request.schema !== undefined && { responseFormat: { type: 'json' as const, schema: request.schema, name: 'answer' } }),
    ...(request.temperature !== undefined && { temperature: request.temperature }),
    ...(request.seed !== undefined && { seed: request.seed }),
  }
}

function message({ role, parts }: ReadyMessage): LanguageModelV4Message[] {
  const words = parts.filter((part) => part.type === 'text')
  switch (role) {
    case 'system':
      return [{ role, content: words.map((part) => part.text).join('\n') }]
    case 'user':
      return [{ role, content: parts.flatMap(shown) }]
    case 'assistant':
      return [{ role, content: parts.flatMap(said) }]
    case 'tool':
      return [{ role, content: parts.flatMap((part) => (part.type === 'tool-result' ? [toolResult(part)] : [])) }]
  }
}

function shown(part: ReadyPart): (LanguageModelV4TextPart | LanguageModelV4FilePart)[] {
  if (part.type === 'text') return [part]
  if (part.type !== 'file') return []
  const data = { type: 'data' as const, data: part.bytes }
  return [{ type: 'file', data, mediaType: part.mime, ...(part.name !== undefined && { filename: part.name }) }]
}
/** What a model said: text, pictures, calls. */
function said(part: ReadyPart): (LanguageModelV4TextPart | LanguageModelV4FilePart | LanguageModelV4ToolCallPart)[] {
  return part.type === 'tool-call' ? [toolCall(part)] : shown(part)
}
function toolCall(part: Extract<ReadyPart, { type: 'tool-call' }>): LanguageModelV4ToolCallPart {
  return { type: 'tool-call', toolCallId: part.id, toolName: part.name, input: part.input }
}
function toolResult(part: Extract<ReadyPart, { type: 'tool-result' }>): LanguageModelV4ToolResultPart {
  return { type: 'tool-result', toolCallId: part.id, toolName: part.name, output: output(part.output, part.failed) }
}
function output(value: unknown, failed: boolean): LanguageModelV4ToolResultOutput {
  if (typeof value === 'string') return { type: failed ? 'error-text' : 'text', value }
  // A cast, because an output has passed through JSON: it holds nothing else.
  return { type: failed ? 'error-json' : 'json', value: (value ?? null) as JSONValue | JSONObject }
}
