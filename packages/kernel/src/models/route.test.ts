import { describe, expect, it } from 'vitest'
import { ModelSettings, type Capability, type Model, type Provider } from '@life-os/contract'
import { routeOver } from './route.ts'
import type { RouteRequest, RouteWorld } from './route-types.ts'

const TALKS: Capability[] = ['text', 'tools', 'structured']
function model(ref: string, part: Partial<Model> = {}): Model {
  const [provider = '', name = ''] = ref.split('/')
  const local = provider === 'ollama'
  const price = { input: local ? 0 : 1_000_000, output: local ? 0 : 5_000_000, currency: 'USD' }
  return {
    ref,
    provider,
    name,
    title: name,
    local,
    capabilities: TALKS,
    context: null,
    size: null,
    memory: null,
    parameters: null,
    price,
    qualification: null,
    ...part,
  }
}
const provider = (id: string, part: Partial<Provider> = {}) => ({
  id,
  name: id,
  state: 'ready' as const,
  reason: null,
  local: id === 'ollama',
  ...part,
})
const small = model('ollama/small', { memory: 1e9 })
const large = model('ollama/large', { memory: 6e9 })
const huge = model('ollama/huge', { memory: 60e9 })
const eyes = model('ollama/eyes', { memory: 5e9, capabilities: ['text', 'vision'] })
const vectors = model('ollama/vectors', { memory: 1e8, capabilities: ['embed'] })
const cloud = model('anthropic/claude-sonnet-4-5')
const cheap = model('anthropic/claude-haiku-4-5', { price: { input: 1, output: 2, currency: 'USD' } })
const measured = (tools: number | null, json: number | null) => ({
  at: 0,
  tools,
  json,
  context: null,
  speed: null,
  firstToken: null,
  notes: [],
})

type Part = Partial<Omit<RouteWorld, 'settings'>> & { settings?: Partial<ModelSettings> }
const world = ({ settings, ...part }: Part = {}): RouteWorld => ({
  models: [small, large, huge, cloud, cheap],
  providers: [provider('ollama'), provider('anthropic')],
  settings: ModelSettings.parse(settings ?? {}),
  overBudget: () => null,
  memory: 12e9,
  ...part,
})
const asking = (part: Partial<RouteRequest> = {}): RouteRequest => ({
  capabilities: ['text'],
  asker: { person: 'ada' },
  labels: [],
  ...part,
})

describe('what serves, first choice first', () => {
  const rows: [string, RouteWorld, RouteRequest, string[]][] = [
    [
      'local first, the largest that fits memory, then the cloud',
      world(),
      asking(),
      [large, small, huge, cloud, cheap].map(({ ref }) => ref),
    ],
    [
      'fast: the smallest, and of the cloud the cheapest tier',
      world(),
      asking({ model: 'fast' }),
      [small, large, huge, cheap, cloud].map(({ ref }) => ref),
    ],
    [
      'cloud first where a person prefers it',
      world({ settings: { prefer: 'cloud' } }),
      asking(),
      [cloud, cheap, large, small, huge].map(({ ref }) => ref),
    ],
    [
      'without fallback nothing goes to the cloud',
      world({ settings: { fallback: false } }),
      asking(),
      [large, small, huge].map(({ ref }) => ref),
    ],
    [
      'a cloud model that a person put into the list serves even so',
      world({ settings: { fallback: false, aliases: { default: [cloud.ref] } } }),
      asking(),
      [cloud, large, small, huge].map(({ ref }) => ref),
    ],
    ['private data stays on this machine', world(), asking({ labels: ['private'] }), [large, small, huge].map(({ ref }) => ref)],
    ['untrusted data goes anywhere', world(), asking({ labels: ['untrusted'] }), [large, small, huge, cloud, cheap].map(({ ref }) => ref)],
    ['a named model serves alone', world(), asking({ model: 'ollama/small' }), ['ollama/small']],
    [
      'an own list serves alone, in its order',
      world({ settings: { aliases: { mine: [cheap.ref, small.ref] } } }),
      asking({ model: 'mine' }),
      [cheap.ref, small.ref],
    ],
    [
      'the usual list first, then the others',
      world({ settings: { aliases: { default: [small.ref] } } }),
      asking(),
      [small, large, huge, cloud, cheap].map(({ ref }) => ref),
    ],
    [
      'the choice for an agent',
      world({ settings: { choices: { coder: cheap.ref } } }),
      asking({ asker: { person: 'ada', agent: 'coder' } }),
      [cheap.ref],
    ],
    [
      'the choice for a tool; an alias',
      world({ settings: { choices: { 'text.summarise': 'mine' }, aliases: { mine: [small.ref] } } }),
      asking({ asker: { person: 'ada', tool: 'text.summarise' } }),
      [small.ref],
    ],
    [
      'the agent before its tool',
      world({ settings: { choices: { coder: small.ref, 'life-os.generate': large.ref } } }),
      asking({ asker: { person: 'ada', agent: 'coder', tool: 'life-os.generate' } }),
      [small.ref],
    ],
    [
      'the word of the request before any choice',
      world({ settings: { choices: { coder: small.ref } } }),
      asking({ model: large.ref, asker: { person: 'ada', agent: 'coder' } }),
      [large.ref],
    ],
    ['pictures go to who sees', world({ models: [large, eyes] }), asking({ capabilities: ['text', 'vision'] }), [eyes.ref]],
    ['embeddings go to who makes them', world({ models: [large, vectors] }), asking({ capabilities: ['embed'] }), [vectors.ref]],
    [
      'who got tool calls wrong is passed over for requests with tools',
      world({ models: [{ ...large, qualification: measured(0.2, 1) }, small] }),
      asking({ capabilities: ['text', 'tools'] }),
      [small.ref],
    ],
    ['but serves others', world({ models: [{ ...large, qualification: measured(0.2, 1) }, small] }), asking(), [large.ref, small.ref]],
    [
      'and whoever names it gets it',
      world({ models: [{ ...large, qualification: measured(0.2, 1) }] }),
      asking({ model: large.ref, capabilities: ['text', 'tools'] }),
      [large.ref],
    ],
    ['what does not fit is passed over', world({ models: [{ ...large, context: 100 }, small] }), asking({ tokens: 200 }), [small.ref]],
    [
      'what would be over the budget is passed over',
      world({ overBudget: (cost) => (cost > 0 ? 'too dear' : null) }),
      asking({ cost: ({ local }) => (local ? 0 : 5) }),
      [large, small, huge].map(({ ref }) => ref),
    ],
    [
      'who does not answer is passed over',
      world({ providers: [provider('ollama', { state: 'unreachable', reason: 'gone' }), provider('anthropic')] }),
      asking(),
      [cloud.ref, cheap.ref],
    ],
    [
      'who rests is passed over',
      world({ providers: [provider('ollama'), provider('anthropic', { state: 'resting' })] }),
      asking(),
      [large, small, huge].map(({ ref }) => ref),
    ],
  ]
  for (const [name, given, request, expected] of rows)
    it(name, () => {
      const route = routeOver(given, request)
      expect(route.serving.map(({ ref }) => ref)).toEqual(expected)
      expect(route.model?.ref).toBe(expected[0])
      expect(route.problem).toBeNull()
      expect(route.candidates.filter(({ serves }) => serves).map(({ model: ref }) => ref)).toEqual(expected)
    })
})

describe('why nothing serves', () => {
  const down = [provider('ollama', { state: 'unreachable', reason: 'Ollama does not answer.' })]
  const rows: [string, RouteWorld, RouteRequest, string, RegExp][] = [
    [
      'nothing is set up',
      world({ models: [], providers: [] }),
      asking(),
      'model-none',
      /Start Ollama or LM Studio.*key of a cloud provider.*lifeos models.*Models page/,
    ],
    [
      'nothing is set up, and the data is private',
      world({ models: [], providers: [] }),
      asking({ labels: ['private'] }),
      'model-none',
      /Start Ollama or LM Studio on this machine\./,
    ],
    ['the only provider is down', world({ models: [], providers: down }), asking(), 'model-resting', /Ollama does not answer/],
    [
      'only the cloud, and the data is private',
      world({ models: [cloud] }),
      asking({ labels: ['private'] }),
      'model-private',
      /private.*on this machine/,
    ],
    ['no such model', world(), asking({ model: 'ollama/none' }), 'model-unknown', /ollama\/none/],
    ['no such alias', world(), asking({ model: 'none' }), 'model-unknown', /none/],
    ['nobody sees', world(), asking({ capabilities: ['text', 'vision'] }), 'model-none', /pictures/],
    [
      'over every budget',
      world({ models: [cloud], overBudget: () => '0.10 USD are left' }),
      asking(),
      'model-budget',
      /0\.10 USD are left/,
    ],
    [
      'down after all else was right',
      world({ providers: down.concat(provider('anthropic', { state: 'refused', reason: 'The key was refused.' })) }),
      asking(),
      'model-resting',
      /does not answer|refused/,
    ],
    ['the cloud is off', world({ models: [cloud], settings: { fallback: false } }), asking(), 'model-none', /settings keep calls away/],
  ]
  for (const [name, given, request, code, message] of rows)
    it(name, () => {
      const route = routeOver(given, request)
      expect(route.model).toBeNull()
      expect(route.problem?.code).toBe(code)
      expect(route.problem?.message).toMatch(message)
    })

  it('tells of each candidate why', () => {
    const route = routeOver(
      world({ models: [{ ...large, qualification: measured(0.2, 1) }, vectors, cloud] }),
      asking({ capabilities: ['text', 'tools'], labels: ['private'] }),
    )
    expect(Object.fromEntries(route.candidates.map(({ model: ref, why }) => [ref, why]))).toEqual({
      'ollama/large': 'only 20 % of its tool calls were valid when it was qualified',
      'ollama/vectors': 'writes no text',
      'anthropic/claude-sonnet-4-5': 'runs in the cloud, and the data is private',
    })
  })
})
