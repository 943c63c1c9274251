import { LifeOsError } from '@life-os/contract'
import { pictureOf } from './model-picture.ts'
import type { Capability, Model, Provider } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import { table } from '../output/table.ts'
import { bytes, duration } from '../output/units.ts'
import type { Command } from '../session.ts'

const WHAT: Partial<Record<Capability, string>> = { vision: 'pictures', tools: 'tools', structured: 'JSON', embed: 'embeddings' }
const does = ({ capabilities }: Model): string => capabilities.flatMap((capability) => WHAT[capability] ?? []).join(', ')
const amount = (micros: number): string => (micros / 1_000_000).toFixed(2)

/** What there is; where there is nothing, what to do. */
export const listModels: Command<{ fresh?: boolean }> = async (session, { fresh = false }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const models = await client.models.list({ fresh })
  if (io.json) io.out(JSON.stringify(models))
  else if (models.length === 0) {
    io.out('There is no model yet. Life-OS works without one where rules suffice.')
    io.out('Start Ollama or LM Studio on this machine and it is found, or add a key: lifeos models add openai')
  } else
    for (const line of table(
      models.map((model) => [
        model.ref,
        model.local ? paint('green', 'here') : paint('amber', 'cloud'),
        model.size === null ? '' : bytes(model.size),
        model.local
          ? 'free'
          : model.price
            ? `${amount(model.price.input)} / ${amount(model.price.output)} ${model.price.currency}`
            : paint('amber', 'price unknown'),
        model.qualification?.tools === undefined || model.qualification.tools === null
          ? ''
          : `tools ${Math.round(model.qualification.tools * 100)} %`,
        does(model),
      ]),
    ))
      io.out(line)
  return EXIT.done
}

const COLOURS = { ready: 'green', resting: 'amber', unchecked: 'amber', unreachable: 'red', refused: 'red', disabled: 'amber' } as const

export const listProviders: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const providers = await client.models.providers({ look: true })
  if (io.json) io.out(JSON.stringify(providers))
  else if (providers.length === 0)
    io.out('No provider is set up, and neither Ollama nor LM Studio runs here. Add one: lifeos models add openai')
  else for (const line of table(providers.map((provider) => rowOf(provider, paint(COLOURS[provider.state], provider.state))))) io.out(line)
  return EXIT.done
}
const rowOf = ({ id, kind, local, models, detected, reason }: Provider, state: string): string[] => [
  id,
  kind,
  state,
  local ? 'here' : 'cloud',
  models === 1 ? '1 model' : `${models} models`,
  reason ?? (detected ? 'found on this machine' : ''),
]

export const removeProvider: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  await client.models.removeProvider({ id })
  if (session.io.json) session.io.out(JSON.stringify({ removed: id }))
  else session.io.out(`${id} is forgotten. Its key stays among the secrets: lifeos secrets list`)
  return EXIT.done
}

export const showModel: Command<{ ref: string }> = async (session, { ref }) => {
  const { io } = session
  const { client } = await session.backend()
  const shown = await client.models.show({ ref })
  if (io.json) io.out(JSON.stringify(shown))
  else {
    const { model, license, details } = shown
    const { qualification: measured } = model
    const rows: [string, string][] = [
      ['Model', `${model.ref} (${model.title})`],
      ['Runs', model.local ? 'on this machine' : 'in the cloud'],
      ['Does', ['text', does(model)].filter(Boolean).join(', ')],
      ['Takes in', model.context === null ? 'not told' : `${model.context.toLocaleString('en')} tokens`],
      ['Disk', model.size === null ? '' : bytes(model.size)],
      ['Memory', model.memory === null ? '' : `about ${bytes(model.memory)}`],
      ['License', license?.split('\n')[0] ?? ''],
      ...Object.entries(details).map(([name, value]): [string, string] => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
      ['Measured', measured ? qualified(measured) : 'not yet: lifeos models qualify'],
    ]
    for (const line of table(rows.filter(([, value]) => value !== ''))) io.out(line)
  }
  return EXIT.done
}

export interface TestOptions {
  ref: string
  prompt?: string | undefined
  /** A file. */
  picture?: string | undefined
}

export const testModel: Command<TestOptions> = async (session, { ref, prompt, picture }) => {
  const { io } = session
  const backend = await session.backend()
  const shown = picture === undefined ? {} : await pictureOf(backend, picture)
  const usual = picture === undefined ? 'Say hello in one sentence.' : 'Say in one sentence what this picture shows.'
  const answer = await backend.client.models.test({ ref, prompt: prompt ?? usual, ...shown })
  if (io.json) io.out(JSON.stringify(answer))
  else {
    io.out(answer.text)
    const { input, output } = answer.usage
    io.note(
      `${answer.model}: ${input} + ${output} tokens, ${(answer.micros / 1e6).toFixed(6)} ${answer.currency}, first word after ${answer.firstToken === null ? '?' : duration(answer.firstToken)}, ${duration(answer.latency)} in all`,
    )
  }
  return EXIT.done
}

export const qualifyModel: Command<{ ref: string }> = async (session, { ref }) => {
  const { io } = session
  const { client } = await session.backend()
  io.status(`${ref} is being asked …`)
  const result = await client.models.qualify({ ref })
  if (io.json) io.out(JSON.stringify(result))
  else {
    io.out(qualified(result))
    for (const note of result.notes) io.out(`- ${note}`)
  }
  return EXIT.done
}

function qualified({ tools, json, context, speed, firstToken }: NonNullable<Model['qualification']>): string {
  const share = (value: number | null) => (value === null ? 'none' : `${Math.round(value * 100)} %`)
  return [
    `tool calls ${share(tools)}`,
    `JSON ${share(json)}`,
    context === null ? 'context not found' : `takes in ${context.toLocaleString('en')} tokens`,
    ...(speed === null ? [] : [`${speed} tokens a second`]),
    ...(firstToken === null ? [] : [`first word after ${duration(firstToken)}`]),
  ].join(', ')
}

export interface RouteOptions {
  model?: string
  for?: string
  private?: boolean
  vision?: boolean
  embed?: boolean
}

/** Which model a call would go to, and why not the others. */
export const routeModel: Command<RouteOptions> = async (session, options) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const answer = await client.models.route(options)
  if (io.json) io.out(JSON.stringify(answer))
  else {
    for (const line of table(
      answer.candidates.map(({ model, serves, why }) => [serves ? paint('green', '✓') : paint('red', '✗'), model, why]),
    ))
      io.out(line)
    io.out(answer.problem ? answer.problem.message : `It would go to ${answer.model}.`)
  }
  return answer.problem ? EXIT.failed : EXIT.done
}

/** Error for words that name no provider of a known kind. */
export const kindMissing = (id: string): LifeOsError =>
  new LifeOsError(
    'input-invalid',
    `Say what ${id} is: --kind openai-compatible --url http://127.0.0.1:8080/v1, or one of openai, anthropic, google, ollama.`,
  )
