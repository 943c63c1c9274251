import { ProviderKind } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import { readSecretLines } from '../output/hidden.ts'
import type { Command } from '../session.ts'
import { kindMissing } from './models.ts'

export interface AddOptions {
  id: string
  kind?: ProviderKind
  url?: string
  secret?: string
  /** Ask for a key. Default: for kinds of the cloud. */
  key?: boolean
}

const NAMES: Record<ProviderKind, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google',
  ollama: 'Ollama',
  'openai-compatible': 'Server',
}
/** Where the key of each is sent. */
const PLACES: Partial<Record<ProviderKind, string>> = {
  openai: 'api.openai.com:443',
  anthropic: 'api.anthropic.com:443',
  google: 'generativelanguage.googleapis.com:443',
}

/** Sets a provider up. Its key comes from a hidden prompt or standard input and is kept as a secret that only its place is sent. */
export const addProvider: Command<AddOptions> = async (session, { id, kind: given, url, secret: named, key }) => {
  const { io } = session
  const kind = given ?? ProviderKind.safeParse(id).data
  if (!kind) throw kindMissing(id)
  const { client } = await session.backend()
  const place = url === undefined ? PLACES[kind] : placeOf(url)
  const asks = named === undefined && (key ?? PLACES[kind] !== undefined) && place !== undefined
  const secret = asks ? `${id}-key` : named
  if (asks) {
    const [value = ''] = await readSecretLines([`Key of ${NAMES[kind]}: `])
    await client.secrets.set({ name: `${id}-key`, kind: 'token', title: `Key of ${NAMES[kind]}`, hosts: [place], value })
  }
  const name = kind === 'openai-compatible' ? id : NAMES[kind]
  const provider = await client.models.setProvider({
    id,
    kind,
    name,
    enabled: true,
    ...(url !== undefined && { url }),
    ...(secret !== undefined && { secret }),
  })
  if (io.json) io.out(JSON.stringify(provider))
  else if (provider.state === 'ready')
    io.out(`${name} is ready with ${provider.models === 1 ? '1 model' : `${provider.models} models`}: lifeos models list`)
  else io.out(`${name} is kept but ${provider.state}: ${provider.reason ?? 'no reason is known'}`)
  return provider.state === 'ready' ? EXIT.done : EXIT.failed
}

function placeOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url ? `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}` : undefined
}
