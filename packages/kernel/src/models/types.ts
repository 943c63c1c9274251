import type {
  BudgetState,
  Capability,
  GenerateAnswer,
  GenerateRequest,
  Labels,
  Model,
  ModelAdvice,
  ModelSettings,
  ModelSettingsPatch,
  ModelUsage,
  Page,
  PageQuery,
  Provider,
  ProviderConfig,
  PullState,
  Qualification,
  TokenUsage,
  UsageGroup,
} from '@life-os/contract'

/** What a call may spend of its run. Made by `runs` for each try; whoever pays for something reserves first. */
export interface CallAccount {
  /**
   * Reserves over the whole tree of the run and journals it, durably, before it resolves: a try that is cut off settles in
   * full. @throws `budget-exceeded`.
   */
  reserve(cost: { tokens: number; micros: number }): Promise<{ settle(actual: { tokens: number; micros: number }): void }>
  /** Settled so far by this call. */
  readonly spent: { tokens: number; micros: number }
}

/** On whose behalf a model is called; for routing, budgets and the usage record. */
export interface Asker {
  person: string
  agent?: string | undefined
  tool?: string | undefined
  plugin?: string | undefined
  run?: string | undefined
  step?: string | undefined
}

export interface ModelCall {
  asker: Asker
  /** Of all that the request holds. `private`: a local provider alone serves it. */
  labels: Labels
  signal: AbortSignal
  /** Absent: nothing but the budgets of the day hold it (a test prompt, a qualification). */
  account?: CallAccount | undefined
  /** Text as it comes. */
  onText?(delta: string): void
}

/** Why nothing serves: the code of the failure a caller gets, and what to do. */
export interface RouteProblem {
  code: 'model-none' | 'model-private' | 'model-budget' | 'model-unknown' | 'model-resting'
  message: string
}
export interface RouteQuery {
  model?: string | undefined
  capabilities: readonly Capability[]
  asker: Asker
  labels: Labels
}
export interface RouteAnswer {
  model: Model | null
  problem: RouteProblem | null
  candidates: { model: string; serves: boolean; why: string }[]
}

/**
 * Models of all providers behind one door. Each call: route (capability, label, budget, health, preference), reserve,
 * call with retry and breaker, settle, usage record. Errors carry codes `model-*`; `applied` says whether it was possibly
 * paid. Cancelling the signal stops the provider.
 */
export interface Models {
  generate(request: GenerateRequest, call: ModelCall): Promise<GenerateAnswer>
  /** One vector a text, all of one model. */
  embed(
    texts: readonly string[],
    call: ModelCall & { model?: string | undefined },
  ): Promise<{ vectors: Float32Array[]; model: string; usage: TokenUsage }>
  /** Pure looking: what would serve now. */
  route(query: RouteQuery): Promise<RouteAnswer>
  /** The most that a request may cost, for reservations and estimates: tokens, micro-units. */
  worst(request: GenerateRequest, model: Model): { tokens: number; micros: number }
  providers(look: boolean): Promise<Provider[]>
  setProvider(config: ProviderConfig, by: string): Promise<Provider>
  removeProvider(id: string, by: string): Promise<void>
  list(fresh: boolean): Promise<Model[]>
  settings(): Promise<ModelSettings>
  setSettings(patch: ModelSettingsPatch, by: string): Promise<ModelSettings>
  show(ref: string): Promise<{ model: Model; details: Record<string, unknown>; license: string | null; template: string | null }>
  pull(ref: string, by: string): Promise<PullState>
  pulls(): PullState[]
  cancelPull(ref: string): void
  remove(ref: string, by: string): Promise<void>
  qualify(ref: string, call: ModelCall): Promise<Qualification>
  advice(): Promise<{ memory: number; free: number; disk: { used: number; free: number | null }; models: ModelAdvice[] }>
  usage(
    query: PageQuery & { model?: string | undefined; agent?: string | undefined; run?: string | undefined; from?: number | undefined },
  ): Promise<Page<ModelUsage>>
  costs(query: {
    by: 'day' | 'model' | 'agent' | 'tool' | 'person' | 'plugin'
    from?: number | undefined
    until?: number | undefined
  }): Promise<{ from: number; until: number; currency: string; total: UsageGroup; groups: UsageGroup[] }>
  budgets(): Promise<BudgetState[]>
  /** Providers, settings, pulls or health changed. */
  onChange(listener: () => void): Disposable
  [Symbol.asyncDispose](): Promise<void>
}
