import { z } from 'zod'
import type { SessionState } from '../../browser/index.ts'
import { checkSecretUse, placeOfUrl } from '../net/credential.ts'
import { fault } from '../paths/faults.ts'
import type { BrowserContext, SessionKeeper } from './context.ts'
import { sessionLabel } from './reach.ts'

/** A secret is at most this long. */
const LONGEST = 65_536

const State = z.object({
  cookies: z.array(z.looseObject({ name: z.string(), value: z.string(), domain: z.string(), path: z.string() })),
  origins: z.array(z.object({ origin: z.string(), localStorage: z.array(z.object({ name: z.string(), value: z.string() })) })),
})

/**
 * A session's cookies and storage for one page; what the page shows with it is private. Errors: `secret-not-allowed`,
 * `secret-missing`, `secret-elsewhere`, `session-invalid`.
 */
export async function openSession(context: BrowserContext, name: string, url: URL, signal: AbortSignal): Promise<SessionState> {
  const { scope, secrets } = context
  checkSecretUse(scope, 'secret.use', name)
  const by = { actor: scope.plugin, run: scope.run, step: scope.path, tool: scope.tool }
  const { value } = await secrets.use(name, placeOfUrl(url), signal, by)
  scope.seen.add('private', sessionLabel(name)) // before the page is there, so that nothing of it comes without the label
  const parsed = State.safeParse(parseJson(value))
  if (parsed.success) return parsed.data as SessionState // written by keepSession, in the driver's own form
  throw fault('session-invalid', `The secret ${name} holds no session; save one with browser.save-session.`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Seals a session under a name, for the places its cookies and storage belong to and this page itself. Error: `session-too-large`. */
export async function keepSession(
  keeper: SessionKeeper | undefined,
  name: string,
  state: SessionState,
  url: URL,
  by: string,
): Promise<void> {
  if (!keeper) throw fault('secrets-missing', 'This Life-OS keeps no secrets, so no session can be saved.')
  const known = await keeper.get(name)
  if (known && !known.title.startsWith(TITLE))
    throw fault('session-name-taken', `${name} is another secret of yours; give the session a name of its own.`)
  const whole = JSON.stringify(state)
  const value = whole.length <= LONGEST ? whole : JSON.stringify({ ...state, origins: [] })
  if (value.length > LONGEST) throw fault('session-too-large', 'The cookies of this page are more than fit into a secret.')
  const origins = state.origins.flatMap(({ origin }) => URL.parse(origin) ?? [])
  await keeper.set(
    { name, kind: 'token', title: `${TITLE} ${url.origin}`, hosts: [...new Set([url, ...origins].map(placeOfUrl))], value },
    by,
  )
}
const TITLE = 'Signed-in session of'
