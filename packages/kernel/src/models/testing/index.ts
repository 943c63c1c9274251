/** Scripted model servers for tests: real HTTP on a free port of 127.0.0.1, each in its documented wire format; and the models module over a store. */
import { anthropicFormat } from './formats/anthropic.ts'
import { googleFormat } from './formats/google.ts'
import { ollamaFormat } from './formats/ollama.ts'
import { openaiFormat } from './formats/openai.ts'
import { startWireServer } from './server.ts'
import type { WireOptions } from './types.ts'

export { KEYS, PRICED, modelsOver, withCloud } from './over-store.ts'
export type { ModelsFixture } from './over-store.ts'
export { createTap } from './tap.ts'
export type { Tap } from './tap.ts'
export { hashedWords } from './vectors.ts'
export type { Script, Scripted, WireAnswer, WireMessage, WireModel, WireOptions, WireRequest, WireSeen, WireServer } from './types.ts'

/** Ollama's native API: tags, show, pull, delete, chat, embed. */
export const ollamaServer = (options: WireOptions = {}) => startWireServer(ollamaFormat, options)
/** Chat completions, models, embeddings, as OpenAI, LM Studio, vLLM and llama.cpp serve them. */
export const openaiServer = (options: WireOptions = {}) => startWireServer(openaiFormat, options)
/** Anthropic's messages. */
export const anthropicServer = (options: WireOptions = {}) => startWireServer(anthropicFormat, options)
/** Google's generateContent. */
export const googleServer = (options: WireOptions = {}) => startWireServer(googleFormat, options)
