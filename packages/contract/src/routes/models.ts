import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import { Id, Time } from '../common/values.ts'
import {
  BudgetState,
  GenerateAnswer,
  Model,
  ModelAdvice,
  ModelSettings,
  ModelSettingsPatch,
  ModelUsage,
  Provider,
  ProviderConfig,
  PullState,
  Qualification,
  UsageGroup,
} from '../models/model.ts'
import { Ok, base } from './base.ts'

/** Of an address, where every value is text. */
const Flag = z.union([z.boolean(), z.stringbool()])
const Ref = z.object({ ref: z.string() })

export const models = {
  providers: base
    .route({ method: 'GET', path: '/models/providers', summary: 'Providers: set up, and found on this machine' })
    .input(z.object({ look: Flag.default(false) }))
    .output(z.array(Provider)),
  setProvider: base
    .route({ method: 'PUT', path: '/models/providers/{id}', summary: 'Set up or change a provider' })
    .input(ProviderConfig)
    .output(Provider),
  removeProvider: base
    .route({ method: 'DELETE', path: '/models/providers/{id}', summary: 'Forget a provider' })
    .input(z.object({ id: z.string() }))
    .output(Ok),
  list: base
    .route({ method: 'GET', path: '/models', summary: 'Models of all providers' })
    .input(z.object({ fresh: Flag.default(false) }))
    .output(z.array(Model)),
  settings: base.route({ method: 'GET', path: '/models/settings', summary: 'Aliases, choices, budgets, prices' }).output(ModelSettings),
  setSettings: base
    .route({ method: 'PATCH', path: '/models/settings', summary: 'Change them' })
    .input(ModelSettingsPatch)
    .output(ModelSettings),
  /** What would serve, and why the others would not. */
  route: base
    .route({ method: 'GET', path: '/models/route', summary: 'Which model a call would go to, and why' })
    .input(
      z.object({
        model: z.string().optional(),
        for: z.string().optional(),
        private: Flag.default(false),
        vision: Flag.default(false),
        embed: Flag.default(false),
      }),
    )
    .output(
      z.object({
        model: z.string().nullable(),
        /** Why nothing serves, and what to do. */
        problem: z.object({ code: z.string(), message: z.string() }).nullable(),
        candidates: z.array(z.object({ model: z.string(), serves: z.boolean(), why: z.string() })),
      }),
    ),
  test: base
    .route({ method: 'POST', path: '/models/test', summary: 'Send a prompt, and a picture' })
    .input(
      z.object({
        ref: z.string(),
        prompt: z.string().min(1).max(20_000),
        blob: z.string().optional(),
        mime: z.string().optional(),
        /** Where the picture was read from on the server's machine: its labels go along. */
        path: z.string().optional(),
      }),
    )
    .output(GenerateAnswer.extend({ latency: z.int(), firstToken: z.int().nullable() })),
  pull: base
    .route({ method: 'POST', path: '/models/pull', summary: 'Fetch a model to this machine; goes on by itself' })
    .input(Ref)
    .output(PullState),
  pulls: base.route({ method: 'GET', path: '/models/pulls', summary: 'Pulls that go on or ended lately' }).output(z.array(PullState)),
  cancelPull: base.route({ method: 'POST', path: '/models/pull/cancel', summary: 'Stop a pull' }).input(Ref).output(Ok),
  remove: base.route({ method: 'POST', path: '/models/remove', summary: 'Delete a model from this machine' }).input(Ref).output(Ok),
  show: base
    .route({ method: 'GET', path: '/models/show', summary: 'What a provider tells of a model' })
    .input(Ref)
    .output(
      z.object({
        model: Model,
        details: z.record(z.string(), z.unknown()),
        license: z.string().nullable(),
        template: z.string().nullable(),
      }),
    ),
  qualify: base
    .route({ method: 'POST', path: '/models/qualify', summary: 'Measure tool calls, JSON, context and speed of a model' })
    .input(Ref)
    .output(Qualification),
  advice: base.route({ method: 'GET', path: '/models/advice', summary: 'Models that fit the memory of this machine' }).output(
    z.object({
      memory: z.int(),
      free: z.int(),
      disk: z.object({ used: z.int(), free: z.int().nullable() }),
      models: z.array(ModelAdvice),
    }),
  ),
  usage: base
    .route({ method: 'GET', path: '/models/usage', summary: 'Calls, newest first' })
    .input(
      PageQuery.extend({
        model: z.string().optional(),
        agent: z.string().optional(),
        run: Id.optional(),
        from: z.coerce.number().optional(),
      }),
    )
    .output(pageOf(ModelUsage)),
  costs: base
    .route({ method: 'GET', path: '/models/costs', summary: 'Sums of calls, tokens and money' })
    .input(
      z.object({
        by: z.enum(['day', 'model', 'agent', 'tool', 'person', 'plugin']).default('day'),
        from: z.coerce.number().int().optional(),
        until: z.coerce.number().int().optional(),
      }),
    )
    .output(z.object({ from: Time, until: Time, currency: z.string(), total: UsageGroup, groups: z.array(UsageGroup) })),
  budgets: base.route({ method: 'GET', path: '/models/budgets', summary: 'How the budgets stand' }).output(z.array(BudgetState)),
}
