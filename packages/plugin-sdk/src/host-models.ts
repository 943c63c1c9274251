// What a tool may ask of models. Part of the host, version 1.

/** One message for a model. `blobs`: pictures or other files that go with the text. */
export interface ModelTurn {
  role: 'system' | 'user' | 'assistant'
  text: string
  blobs?: { blob: string; mime: string }[]
}
export interface HostModels {
  /**
   * Needs `model:text` (with pictures `model:vision`). Which model serves is the person's choice for this tool; what is
   * private reaches local models only. Errors: `model-none` with what to set up, `budget-exceeded`, `model-*`. In a preview it is
   * asked by tools that only read, whose answer the run adopts; for others it ends the recording.
   */
  generate(request: {
    messages: ModelTurn[]
    /** JSON Schema: the answer's `object` fits it. */
    schema?: Record<string, unknown>
    /** Default 2,048. */
    maxTokens?: number
    temperature?: number
    /** An answer to the very same request is taken again for so long, for example `1h`. */
    cache?: string
  }): Promise<{ text: string; object?: unknown; model: string; tokens: number; finish: 'stop' | 'length' | 'filter' | 'other' }>
  /** Needs `model:embed`. One vector a text. */
  embed(texts: string[]): Promise<{ vectors: number[][]; model: string }>
}
