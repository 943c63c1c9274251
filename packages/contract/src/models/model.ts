import { z } from 'zod'
import { Duration, Id, JsonSchema, Time } from '../common/values.ts'

/** What a provider may serve. `tools` and `structured` are ways of `text`; `vision` is text from pictures. */
export const Capability = z.enum(['text', 'vision', 'tools', 'structured', 'embed', 'rerank', 'image', 'video', 'speech', 'transcribe'])
export type Capability = z.infer<typeof Capability>

/** `openai-compatible`: LM Studio, vLLM, llama.cpp and whoever speaks the same. */
export const ProviderKind = z.enum(['ollama', 'openai-compatible', 'openai', 'anthropic', 'google'])
export type ProviderKind = z.infer<typeof ProviderKind>

/** A provider as a person sets it up. The key is a secret's name, never its value. */
export const ProviderConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'lower-case words joined by -'),
  kind: ProviderKind,
  name: z.string().min(1).max(100),
  /** Where it answers; each kind has its usual place. */
  url: z.url().optional(),
  secret: z.string().optional(),
  enabled: z.boolean().default(true),
})
export type ProviderConfig = z.infer<typeof ProviderConfig>

/** A provider as it stands. `local`: it runs on this machine, so that private data may reach it. */
export const Provider = ProviderConfig.extend({
  local: z.boolean(),
  state: z.enum(['ready', 'unreachable', 'refused', 'resting', 'disabled', 'unchecked']),
  /** What is wrong and what mends it. */
  reason: z.string().nullable(),
  /** Found on this machine by looking; nobody set it up. */
  detected: z.boolean(),
  models: z.int(),
  checkedAt: Time.nullable(),
})
export type Provider = z.infer<typeof Provider>

/** Micro-units of `currency` for a million tokens. */
export const Price = z.object({
  input: z.int().min(0),
  output: z.int().min(0),
  cached: z.int().min(0).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD'),
})
export type Price = z.infer<typeof Price>

/** What `lifeos models qualify` measured. */
export const Qualification = z.object({
  at: Time,
  /** Share of tries that came out valid, 0 to 1. */
  tools: z.number().nullable(),
  json: z.number().nullable(),
  /** Tokens it really took in. */
  context: z.int().nullable(),
  /** Tokens in a second. */
  speed: z.number().nullable(),
  /** Milliseconds. */
  firstToken: z.number().nullable(),
  notes: z.array(z.string()),
})
export type Qualification = z.infer<typeof Qualification>

/** A model by its name `provider/model`. */
export const Model = z.object({
  ref: z.string(),
  provider: z.string(),
  name: z.string(),
  title: z.string(),
  local: z.boolean(),
  capabilities: z.array(Capability),
  /** Tokens it can take in, where known. */
  context: z.int().nullable(),
  /** Bytes on this disk. */
  size: z.int().nullable(),
  /** Bytes of memory it needs, estimated. */
  memory: z.int().nullable(),
  parameters: z.string().nullable(),
  price: Price.nullable(),
  qualification: Qualification.nullable(),
})
export type Model = z.infer<typeof Model>

export const ModelBudgets = z.strictObject({
  /** Micro-units of `currency`; absent: no limit. */
  call: z.int().min(0).optional(),
  run: z.int().min(0).optional(),
  personDay: z.int().min(0).optional(),
  day: z.int().min(0).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD'),
  /** Shares of a limit at which a person is told, 0 to 1. */
  alerts: z.array(z.number().min(0).max(1)).default([0.8, 1]),
})
export type ModelBudgets = z.infer<typeof ModelBudgets>

/** Everything a person decides about models. */
export const ModelSettings = z.strictObject({
  /** Short names for a list of models, first choice first: `default`, `fast`, `vision`, `embed` and own ones. */
  aliases: z.record(z.string(), z.array(z.string())).default({}),
  /** Alias or model by tool or agent id. */
  choices: z.record(z.string(), z.string()).default({}),
  prefer: z.enum(['local', 'cloud']).default('local'),
  /** Whether cloud providers may serve when no local model can. */
  fallback: z.boolean().default(true),
  budgets: ModelBudgets.default({ currency: 'USD', alerts: [0.8, 1] }),
  /** Over the built-in table. */
  prices: z.record(z.string(), Price).default({}),
  /** How long a call of one of these is tried; milliseconds. */
  timeout: z.int().min(1000).default(120_000),
})
export type ModelSettings = z.infer<typeof ModelSettings>

/** Changes of some of them: what is left out stays, what is given is given whole. */
export const ModelSettingsPatch = z
  .strictObject({
    aliases: ModelSettings.shape.aliases.unwrap(),
    choices: ModelSettings.shape.choices.unwrap(),
    prefer: ModelSettings.shape.prefer.unwrap(),
    fallback: ModelSettings.shape.fallback.unwrap(),
    budgets: ModelBudgets,
    prices: ModelSettings.shape.prices.unwrap(),
    timeout: ModelSettings.shape.timeout.unwrap(),
  })
  .partial()
export type ModelSettingsPatch = z.infer<typeof ModelSettingsPatch>

export const ModelPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  /** A picture or another file as a blob. */
  z.object({ type: z.literal('file'), blob: z.string(), mime: z.string(), name: z.string().optional() }),
  z.object({ type: z.literal('tool-call'), id: z.string(), tool: z.string(), input: z.unknown() }),
  z.object({ type: z.literal('tool-result'), id: z.string(), tool: z.string(), output: z.unknown(), failed: z.boolean().optional() }),
])
export type ModelPart = z.infer<typeof ModelPart>
export const ModelMessage = z.object({ role: z.enum(['system', 'user', 'assistant', 'tool']), content: z.array(ModelPart) })
export type ModelMessage = z.infer<typeof ModelMessage>
/** A tool as a model is told of it, by its own id. */
export const ModelTool = z.object({ id: z.string(), description: z.string(), input: JsonSchema })
export type ModelTool = z.infer<typeof ModelTool>

/** One call of a model. What serves it is decided by the router. */
export const GenerateRequest = z.strictObject({
  /** `provider/model` or an alias; default: the choice for who asks, then `default`. */
  model: z.string().optional(),
  messages: z.array(ModelMessage).min(1),
  tools: z.array(ModelTool).default([]),
  toolChoice: z.enum(['auto', 'none', 'required']).default('auto'),
  /** Structured output: the answer's `object` fits it. */
  schema: JsonSchema.optional(),
  maxTokens: z.int().min(1).default(2048),
  temperature: z.number().min(0).max(2).optional(),
  seed: z.int().optional(),
  /** An answer to the very same request is taken again for so long. */
  cache: Duration.optional(),
})
export type GenerateRequest = z.infer<typeof GenerateRequest>

export const TokenUsage = z.object({ input: z.int(), output: z.int(), cached: z.int(), reasoning: z.int() })
export type TokenUsage = z.infer<typeof TokenUsage>

export const GenerateAnswer = z.object({
  text: z.string(),
  calls: z.array(z.object({ id: z.string(), tool: z.string(), input: z.unknown() })),
  object: z.unknown().optional(),
  finish: z.enum(['stop', 'length', 'tool-calls', 'filter', 'other']),
  usage: TokenUsage,
  micros: z.int(),
  currency: z.string(),
  /** What served it: `provider/model`. */
  model: z.string(),
  local: z.boolean(),
  /** From the result cache: nothing was paid. */
  cached: z.boolean(),
  /** What was tried before and why it did not serve. */
  passed: z.array(z.object({ model: z.string(), code: z.string(), message: z.string() })),
})
export type GenerateAnswer = z.infer<typeof GenerateAnswer>

/** One finished, failed or lost call of a model. */
export const ModelUsage = z.object({
  id: Id,
  at: Time,
  model: z.string(),
  capability: Capability,
  person: z.string(),
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  plugin: z.string().nullable(),
  run: Id.nullable(),
  step: z.string().nullable(),
  usage: TokenUsage,
  micros: z.int(),
  currency: z.string(),
  /** Milliseconds. */
  latency: z.int(),
  firstToken: z.int().nullable(),
  cached: z.boolean(),
  /** `done`, `cancelled`, `lost` (possibly paid), or the code of its failure. */
  outcome: z.string(),
})
export type ModelUsage = z.infer<typeof ModelUsage>

/** Sums over a range, by one word. `key`: the day as YYYY-MM-DD, or the id of what it is by. */
export const UsageGroup = z.object({
  key: z.string(),
  calls: z.int(),
  failed: z.int(),
  cached: z.int(),
  input: z.int(),
  output: z.int(),
  micros: z.int(),
  latency: z.number().nullable(),
})
export type UsageGroup = z.infer<typeof UsageGroup>

/** How a budget stands. */
export const BudgetState = z.object({
  budget: z.enum(['day', 'personDay']),
  person: z.string().nullable(),
  limit: z.int(),
  spent: z.int(),
  reserved: z.int(),
  currency: z.string(),
  alert: z.number().nullable(),
})
export type BudgetState = z.infer<typeof BudgetState>

/** Progress of a pull. Sizes in bytes; unknown ones absent. */
export const PullState = z.object({
  ref: z.string(),
  state: z.enum(['pulling', 'done', 'failed', 'cancelled']),
  done: z.int(),
  of: z.int().nullable(),
  message: z.string(),
  at: Time,
})
export type PullState = z.infer<typeof PullState>

/** A model worth having on a machine with this memory. */
export const ModelAdvice = z.object({
  name: z.string(),
  title: z.string(),
  why: z.string(),
  size: z.int(),
  memory: z.int(),
  capabilities: z.array(Capability),
  fits: z.boolean(),
  installed: z.boolean(),
})
export type ModelAdvice = z.infer<typeof ModelAdvice>
