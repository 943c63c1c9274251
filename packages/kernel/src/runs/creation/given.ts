import { homedir } from 'node:os'
import type { Actor, Plan, PlanInput } from '@life-os/contract'
import { permissionFor, sameSite } from '../../gate/index.ts'
import { parseInputs } from '../../plans/index.ts'
import type { RunsContext } from '../context.ts'

/** What a person gives as input is a grant for this run: reads proceed, writes wait for the approval. */
export async function grantInputs(
  context: RunsContext,
  run: string,
  declared: Record<string, PlanInput>,
  inputs: Record<string, unknown>,
  actor: Actor,
): Promise<void> {
  const given = Object.entries(declared).flatMap(([name, input]) => permissionsIn(input, inputs[name]))
  await allowForRun(context, run, [...new Set(given)], 'input', actor)
}

/**
 * Grants of one run. `input` serves what the plan's tools declare that they need, never what a plugin asks for on top;
 * `approval` is a person's answer to what was asked. Nobody but a person gives either.
 */
export async function allowForRun(
  context: RunsContext,
  run: string,
  permissions: readonly string[],
  origin: 'input' | 'approval',
  actor: Actor,
): Promise<void> {
  if (actor.kind !== 'person' && actor.kind !== 'token' && actor.kind !== 'cli') return
  for (const permission of permissions)
    await context.deps.gate.grants.add(
      { subject: { kind: 'run', id: run }, permission, verdict: 'allow', expiresAt: null },
      origin,
      actor.id,
    )
}

function permissionsIn(input: PlanInput, value: unknown): string[] {
  if (value === null || value === undefined) return []
  switch (input.type) {
    case 'path':
      return [String(value), `${String(value)}/**`].map((resource) => permissionFor({ kind: 'fs.read', resource }))
    case 'file':
      return [permissionFor({ kind: 'fs.read', resource: String(value) })]
    case 'secret':
      return [permissionFor({ kind: 'secret.use', resource: String(value) })]
    case 'text':
      return netOf(String(value))
    case 'list':
      return Array.isArray(value) ? value.flatMap((item) => permissionsIn(input.of, item)) : []
    case 'record':
      return Object.entries(input.fields).flatMap(([name, field]) => permissionsIn(field, (value as Record<string, unknown>)[name])) // parseInputs made it a record
    default:
      return []
  }
}

/** An address and the other doors of its site: a person who names one means the site. */
function netOf(text: string): string[] {
  if (!/^https?:\/\//i.test(text)) return []
  const url = URL.parse(text)
  if (!url) return []
  const resource = `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`
  return [resource, ...sameSite({ kind: 'net', resource }).map((need) => need.resource)].map((place) => `net:${place}`)
}

/** Checks given inputs; paths are made real, since calls are held to real places. */
export async function readInputs(context: RunsContext, plan: Plan, given: Record<string, unknown>): Promise<Record<string, unknown>> {
  const inputs = parseInputs(plan.inputs, homePaths(plan.inputs, given))
  const real = await Promise.all(
    Object.entries(inputs).map(async ([name, value]) => [name, await realPlace(context, plan.inputs[name], value)] as const),
  )
  return Object.fromEntries(real)
}

async function realPlace(context: RunsContext, declared: PlanInput | undefined, value: unknown): Promise<unknown> {
  if (declared?.type === 'list' && Array.isArray(value)) return Promise.all(value.map((item) => realPlace(context, declared.of, item)))
  const isPlace = declared?.type === 'path' || declared?.type === 'file'
  return isPlace && typeof value === 'string' ? context.deps.host.canonical(value) : value
}

function homePaths(declared: Record<string, PlanInput>, given: Record<string, unknown>): Record<string, unknown> {
  const isHome = (value: unknown): value is string => typeof value === 'string' && (value === '~' || value.startsWith('~/'))
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const kind = declared[name]?.type
      return [name, (kind === 'path' || kind === 'file') && isHome(value) ? homedir() + value.slice(1) : value]
    }),
  )
}
