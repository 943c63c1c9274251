import { LifeOsError, type GenerateRequest, type Labels } from '@life-os/contract'
import type { Identity } from '@life-os/kernel/auth'
import type { ModelCall } from '@life-os/kernel/models'
import type { Kernel } from '../kernel.ts'
import { guarded } from './context.ts'
import { checkBlobReader, checkReader } from './readers.ts'

const never = (): AbortSignal => new AbortController().signal

/** A call that a person makes by hand: no run pays for it, the budgets of the day hold it. */
const byHand = (identity: Identity, tool: string, signal: AbortSignal | undefined, labels: Labels = []): ModelCall => ({
  asker: { person: identity.person.id, tool },
  labels,
  signal: signal ?? never(),
})

export function modelsRouter(kernel: Kernel) {
  const { models, readers } = kernel
  const area = guarded.models
  const ok = { ok: true as const }
  return {
    providers: area.providers.handler(({ input }) => models.providers(input.look)),
    setProvider: area.setProvider.handler(({ input, context }) => models.setProvider(input, context.identity.actor.id)),
    removeProvider: area.removeProvider.handler(async ({ input, context }) => {
      await models.removeProvider(input.id, context.identity.actor.id)
      return ok
    }),
    list: area.list.handler(({ input }) => models.list(input.fresh)),
    settings: area.settings.handler(() => models.settings()),
    setSettings: area.setSettings.handler(({ input, context }) => models.setSettings(input, context.identity.actor.id)),
    route: area.route.handler(async ({ input, context }) => {
      const { model, problem, candidates } = await models.route({
        model: input.model,
        capabilities: input.embed ? ['embed'] : ['text', ...(input.vision ? (['vision'] as const) : [])],
        asker: { person: context.identity.person.id, tool: input.for, agent: input.for },
        labels: input.private ? ['private'] : [],
      })
      return { model: model?.ref ?? null, problem, candidates }
    }),
    test: area.test.handler(({ input, context, signal }) => testModel(kernel, input, context.identity, signal)),
    pull: area.pull.handler(({ input, context }) => models.pull(input.ref, context.identity.actor.id)),
    pulls: area.pulls.handler(() => models.pulls()),
    cancelPull: area.cancelPull.handler(({ input }) => {
      models.cancelPull(input.ref)
      return ok
    }),
    remove: area.remove.handler(async ({ input, context }) => {
      await models.remove(input.ref, context.identity.actor.id)
      return ok
    }),
    show: area.show.handler(({ input }) => models.show(input.ref)),
    qualify: area.qualify.handler(({ input, context, signal }) =>
      models.qualify(input.ref, byHand(context.identity, 'life-os.qualify', signal)),
    ),
    advice: area.advice.handler(() => models.advice()),
    usage: area.usage.handler(async ({ input, context: { identity } }) => {
      if (input.run !== undefined) await checkReader(readers, input.run, identity)
      const page = await models.usage(input)
      const items = page.items.map(async (one) =>
        one.run === null || (await readers.mayRead(one.run, identity.person.id)) ? one : { ...one, run: null, step: null },
      )
      return { ...page, items: await Promise.all(items) }
    }),
    costs: area.costs.handler(({ input }) => models.costs(input)),
    budgets: area.budgets.handler(() => models.budgets()),
  }
}

interface TestInput {
  ref: string
  prompt: string
  blob?: string | undefined
  mime?: string | undefined
  path?: string | undefined
}

/** One prompt to one model. A picture brings its labels: a private one goes to no cloud here either. */
async function testModel(
  { models, labels, readers }: Kernel,
  { ref, prompt, blob, mime, path }: TestInput,
  identity: Identity,
  signal: AbortSignal | undefined,
) {
  if (blob !== undefined && mime === undefined)
    throw new LifeOsError('input-invalid', 'Say what kind of picture it is, for example image/png.')
  if (blob !== undefined) await checkBlobReader(readers, blob, identity)
  const found = [...(blob === undefined ? [] : labels.ofBlob(blob)), ...(path === undefined ? [] : labels.of(path))]
  const request: GenerateRequest = {
    model: ref,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: prompt },
          ...(blob !== undefined && mime !== undefined ? [{ type: 'file' as const, blob, mime }] : []),
        ],
      },
    ],
    tools: [],
    toolChoice: 'auto',
    maxTokens: 1024,
  }
  const started = performance.now()
  let firstToken: number | null = null
  const call = byHand(identity, 'life-os.test', signal, [...new Set(found.map(({ label }) => label))])
  const answer = await models.generate(request, {
    ...call,
    onText: () => {
      firstToken ??= Math.round(performance.now() - started)
    },
  })
  return { ...answer, latency: Math.round(performance.now() - started), firstToken }
}
