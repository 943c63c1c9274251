import { parseUrl } from './address.ts'
import { obtain } from './credential.ts'
import type { Credential, ObtainContext, Obtained, Use } from './credential.ts'
import type { Answer } from './request.ts'

/**
 * Makes a request with the secret it names, if it names one. An access token that the other side no longer takes (401) is
 * refreshed and the request made once more: what was refused did not happen.
 */
export async function authorised(
  context: ObtainContext,
  url: string,
  use: Use | undefined,
  signal: AbortSignal,
  given: Obtained | undefined,
  send: (credential: Credential | undefined) => Promise<Answer>,
): Promise<Answer> {
  if (!use) return send(undefined)
  const parsed = parseUrl(url)
  const { material, credential } = given ?? (await obtain(context, use, parsed, signal))
  const answer = await send(credential)
  if (answer.status !== 401 || material.kind !== 'oauth2') return answer
  await answer[Symbol.asyncDispose]()
  return send((await obtain(context, use, parsed, signal, material.value)).credential)
}
