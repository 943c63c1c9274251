import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Plan, PlanFault, PlanInput } from '@life-os/contract'
import type { Client } from '../backend/client.ts'

/** A plan named on the command line: a file's, or a stored one's. `reference` is what a run is started with. */
export interface NamedPlan {
  plan: Plan
  reference: string | Plan
  file: string | null
}

const looksLikeFile = (name: string): boolean => /\.(ya?ml|json)$/i.test(name) || name.includes('/') || name.includes('\\')

/** Errors: `plan-missing`, `plan-invalid` with `details.faults` and `details.file`. */
export async function namedPlan(client: Client, name: string): Promise<NamedPlan> {
  const file = resolve(name)
  if (!looksLikeFile(name) && !existsSync(file)) {
    const { plan } = await client.plans.get({ id: name })
    return { plan, reference: name, file: null }
  }
  const { plan, faults } = await checkFile(client, name)
  if (!plan || faults.length > 0) throw planInvalid(faults, name)
  return { plan, reference: plan, file }
}

export async function checkFile(
  client: Client,
  name: string,
): Promise<{ plan: Plan | undefined; faults: PlanFault[]; text: string; mermaid: string | undefined }> {
  const text = await readFile(name, 'utf8').catch((cause: unknown) => {
    throw new LifeOsError('plan-missing', `There is no plan file “${name}”. Give a file or the id of a stored plan.`, { cause })
  })
  const { faults, plan, mermaid } = await client.plans.check({ plan: text })
  return { faults, plan, text, mermaid }
}

export const planInvalid = (faults: PlanFault[], file: string): LifeOsError =>
  new LifeOsError(
    'plan-invalid',
    `The plan has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${faults.map((fault) => faultLine(fault, file)).join('\n')}`,
    { details: { faults, file } },
  )

/** `plan.yaml:3:5  unknown-tool  There is no tool …` as editors make it clickable. */
export const faultLine = (fault: PlanFault, file: string): string =>
  `${file}${fault.line ? `:${fault.line}${fault.column ? `:${fault.column}` : ''}` : ''}  ${fault.code}  ${fault.message}${fault.line ? '' : ` (${fault.path})`}`

/** `--input key=value` pairs as the plan declares them. Errors: `input-invalid`. */
export function inputsFrom(pairs: readonly string[], plan: Plan): Record<string, unknown> {
  const inputs: Record<string, unknown> = {}
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at < 1) throw new LifeOsError('input-invalid', `--input ${pair}: write it as name=value.`)
    const name = pair.slice(0, at)
    const declared = plan.inputs[name]
    if (!declared) {
      const known = Object.keys(plan.inputs)
      throw new LifeOsError(
        'input-invalid',
        `The plan “${plan.id}” has no input “${name}”.${known.length > 0 ? ` It has: ${known.join(', ')}.` : ' It has none.'}`,
      )
    }
    inputs[name] = valueOf(name, pair.slice(at + 1), declared, inputs[name])
  }
  return inputs
}

/** What a person typed for an input, as its type asks. Errors: `input-invalid`. */
export function valueOf(name: string, text: string, input: PlanInput, before: unknown): unknown {
  switch (input.type) {
    case 'number': {
      const number = Number(text)
      if (text.trim() === '' || Number.isNaN(number)) throw new LifeOsError('input-invalid', `--input ${name}: “${text}” is not a number.`)
      return number
    }
    case 'boolean': {
      if (/^(true|yes|1|on)$/i.test(text)) return true
      if (/^(false|no|0|off)$/i.test(text)) return false
      throw new LifeOsError('input-invalid', `--input ${name}: say true or false.`)
    }
    case 'path':
    case 'file':
      return absolute(text)
    case 'record':
      return json(name, text)
    case 'list': {
      if (text.trimStart().startsWith('[')) return json(name, text)
      const item = valueOf(name, text, input.of, undefined) // given several times: one item each
      return Array.isArray(before) ? [...before, item] : [item]
    }
    case 'text':
    case 'choice':
    case 'date':
    case 'secret':
      return text
  }
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new LifeOsError('input-invalid', `--input ${name}: give it as JSON.`, { cause })
  }
}

/** The whole path of what a person typed: `~` and the present folder are known only here. */
export function absolute(path: string): string {
  if (path === '~' || path.startsWith('~/')) return resolve(homedir(), path.slice(2))
  return isAbsolute(path) ? resolve(path) : resolve(process.cwd(), path)
}
