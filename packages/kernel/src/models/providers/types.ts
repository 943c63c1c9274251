import type { GenerateRequest, Model, ProviderConfig, TokenUsage } from '@life-os/contract'

/** A request as one provider gets it: routed, with the bytes of its files at hand. */
export interface ProviderRequest extends Omit<GenerateRequest, 'model' | 'cache'> {
  /** The model's own name at this provider. */
  name: string
  bytes(blob: string): Promise<Uint8Array>
}
export interface ProviderAnswer {
  text: string
  calls: { id: string; tool: string; input: unknown }[]
  object?: unknown
  finish: 'stop' | 'length' | 'tool-calls' | 'filter' | 'other'
  usage: TokenUsage
  /** Calls that stood in the text, or JSON that needed mending: what small local models do. */
  mended: boolean
  /** Milliseconds to the first text or call. */
  firstToken: number | null
}
export interface ProviderOptions {
  /** Ends the call, closes the connection and is thrown by its reason. No time limit is kept here: silence is the caller's to end. */
  signal: AbortSignal
  onText?(delta: string): void
  /** Anything that the model does, also what is no text: thinking, a call being written, text that is held back. */
  onSign?(): void
}

/**
 * One provider over its documented wire format. Makes one attempt: retry, breaker and routing are above. Errors:
 * `model-bad-request` (400), `model-unauthorised` (401, 403), `model-missing` (404), `model-timeout` (408, 504, or no token in time),
 * `model-rate-limited` (429), `model-overloaded` (503, 529), `model-failed` (other 5xx), `model-unreachable` (nothing was
 * sent), `model-cut-off` (the connection was lost), `model-invalid` (an answer that cannot be read), `model-filtered`. `details.retryAfter`:
 * milliseconds the provider asked for. `applied`: `no` where nothing can have been paid, else `unknown`.
 */
export interface ProviderClient {
  readonly config: ProviderConfig
  /** Its address is on this machine. Never for OpenAI, Anthropic and Google: what answers for them here passes everything on. */
  readonly local: boolean
  models(signal: AbortSignal): Promise<Omit<Model, 'price' | 'qualification'>[]>
  generate(request: ProviderRequest, options: ProviderOptions): Promise<ProviderAnswer>
  embed(name: string, texts: readonly string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; usage: TokenUsage }>
  /** Ollama: models kept on this machine. */
  readonly store: ModelStore | null
}
export interface ModelStore {
  pull(name: string, onProgress: (note: { message: string; done: number; of: number | null }) => void, signal: AbortSignal): Promise<void>
  remove(name: string, signal: AbortSignal): Promise<void>
  show(name: string, signal: AbortSignal): Promise<{ details: Record<string, unknown>; license: string | null; template: string | null }>
}

export interface ProviderDeps {
  /** Answers the value of a secret for a place `host:port`, at the last hop; never kept. */
  secret(name: string, place: string, signal: AbortSignal): Promise<string>
  /** Default: undici's, without redirects. */
  fetch?: typeof globalThis.fetch
  now(): number
}
/** Builds the client of a provider; the AI SDK's module for its kind is loaded at its first call. */
export type CreateProvider = (config: ProviderConfig, deps: ProviderDeps) => ProviderClient
