import { LifeOsError } from '@life-os/plugin-sdk'
import type { FetchOptions, HostV1 } from '@life-os/plugin-sdk'
import { z } from 'zod'

/** As a person sets them; `token` is the name of a secret. */
const Settings = z.object({ server: z.url({ protocol: /^https?$/ }), token: z.string().min(1) })

/** Tolerant of what a newer tracker may add. */
export const Issue = z.object({ number: z.int(), title: z.string(), state: z.enum(['open', 'closed']) })
export type Issue = z.infer<typeof Issue>

export const Project = z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'small letters, digits and hyphens')

export interface Tracker {
  readonly server: string
  ask<T extends z.ZodType>(path: string, answer: T, options?: Pick<FetchOptions, 'method' | 'body'>): Promise<z.output<T>>
}

/** What each tool needs, from the settings: worked out by the host before any of this code runs. */
export const TRACKER_NEEDS = {
  net: ['${{ has(settings.server) ? settings.server : null }}'],
  'secret.use': ['${{ has(settings.token) ? settings.token : null }}'],
}

/** The tracker of the settings. Error: `settings-missing`. */
export async function openTracker(host: HostV1): Promise<Tracker> {
  const read = Settings.safeParse(await host.settings.get())
  if (!read.success)
    throw new LifeOsError('settings-missing', 'Set the address and the token of your tracker in the settings of this plugin.')
  const { token } = read.data
  const server = read.data.server.replace(/\/+$/, '')
  return {
    server,
    async ask(path, answer, options = {}) {
      const headers = { accept: 'application/json', ...(options.body !== undefined && { 'content-type': 'application/json' }) }
      const { status, body } = await host.net.fetch(`${server}${path}`, { ...options, headers, auth: { secret: token } })
      return read200(status, jsonOf(body), answer)
    },
  }
}

function read200<T extends z.ZodType>(status: number, answer: unknown, schema: T): z.output<T> {
  const said = z.object({ message: z.string().max(500) }).safeParse(answer).data?.message ?? 'It did not say why.'
  if (status === 401 || status === 403)
    throw new LifeOsError('tracker-refused', `The tracker does not accept the token: ${said} Make a new one and set it as the secret.`)
  if (status === 404) throw new LifeOsError('project-unknown', `The tracker has no such project: ${said} Check its name.`)
  if (status >= 500) throw new LifeOsError('tracker-unwell', `The tracker failed (${status}). Try again later.`, { class: 'operational' })
  const read = schema.safeParse(answer)
  if (status < 300 && read.success) return read.data
  throw new LifeOsError('tracker-strange', `The tracker answered in a way that this plugin does not know (${status}): ${said}`, {
    class: 'operational',
  })
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}
