/** `qwen3:8b` of `ollama/qwen3:8b`. */
export const modelName = (ref: string): string => ref.slice(ref.indexOf('/') + 1)
