import { mayBePublic } from '../../browser/index.ts'
import type { OpenPage, Reach } from '../../browser/index.ts'
import { meansPlace, secretMissing } from '../../secrets/index.ts'
import { checkSecretUse, isReady, placeOfUrl } from '../net/credential.ts'
import { fault } from '../paths/faults.ts'
import type { BrowserContext } from './context.ts'
import { reachOf } from './reach.ts'

/**
 * Meant for this page's place, allowed for this call. In a preview one that is missing is a warning. Errors:
 * `secret-not-allowed`, `secret-missing`, `secret-elsewhere`, `secret-unencrypted`.
 */
export async function checkSecret(context: BrowserContext, name: string, url: URL): Promise<void> {
  checkSecretUse(context.scope, 'secret.use', name)
  if (await checkSecretGoes(context, name, url)) return
  if (!('recording' in context.outgoing)) throw secretMissing(name)
  const { code, message } = secretMissing(name)
  context.outgoing.recording.warnings.push({ code, message })
}

/** Whether it is there; what goes to a public place goes over TLS. Errors: `secret-elsewhere`, `secret-unencrypted`. */
export async function checkSecretGoes({ secrets }: BrowserContext, name: string, url: URL): Promise<boolean> {
  const ready = await isReady(secrets, { secret: name }, url)
  if (url.protocol === 'https:' || !mayBePublic(url.hostname)) return ready
  throw fault('secret-unencrypted', `${url.host} would get the secret ${name} in the clear; open its page with https://.`)
}

/** What a page may reach from the moment that secrets are in it: it sends only to places that all of them are meant for. */
export async function reachWithSecrets({ scope, secrets }: BrowserContext, page: OpenPage): Promise<Reach> {
  const known = await Promise.all(page.secrets.map(({ secret }) => secrets.get(secret)))
  const meant = (place: string) => known.every((one) => one?.hosts.some((pattern) => meansPlace(pattern, place)))
  return { ...reachOf(scope, page.session), sendsTo: (origin) => meant(placeOfUrl(new URL(origin))) }
}

/** Its value, at the moment that it is entered. */
export async function reveal({ scope, secrets }: BrowserContext, name: string, page: OpenPage, signal: AbortSignal): Promise<string> {
  checkSecretUse(scope, 'secret.use', name)
  const by = { actor: scope.plugin, run: scope.run, step: scope.path, tool: scope.tool }
  return (await secrets.use(name, placeOfUrl(new URL(page.page.url())), signal, by)).value
}
