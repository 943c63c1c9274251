import { LifeOsError } from '@life-os/contract'
import type { NewSecret, SecretKind } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import { readSecretLines } from '../output/hidden.ts'
import { table } from '../output/table.ts'
import type { Command } from '../session.ts'

export interface SetSecretOptions {
  name: string
  kind?: SecretKind
  host?: string[]
  title?: string
  user?: string
  tokenUrl?: string
  clientId?: string
  clientSecret?: boolean
  scope?: string
}

export const listSecrets: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const secrets = await client.secrets.list()
  if (io.json) io.out(JSON.stringify(secrets))
  else if (secrets.length === 0) io.note('There are no secrets yet. Set one: lifeos secrets set <name> --host <host:port>')
  else
    for (const line of table(
      secrets.map(({ name, kind, hosts, usedAt, title }) => [
        name,
        kind,
        hosts.join(', ') || paint('amber', 'nowhere'),
        usedAt === null ? 'never used' : `used ${new Date(usedAt).toISOString().slice(0, 10)}`,
        title,
      ]),
    ))
      io.out(line)
  return EXIT.done
}

/** The value comes from a hidden prompt or from standard input, never from the command line, which other programs can read. */
export const setSecret: Command<SetSecretOptions> = async (session, options) => {
  const { io } = session
  const kind = options.kind ?? (options.tokenUrl !== undefined ? 'oauth2' : options.user !== undefined ? 'basic' : 'token')
  const questions = [PROMPTS[kind], ...(options.clientSecret ? ['Client secret: '] : [])]
  const [value = '', clientSecret] = await readSecretLines(questions)
  if (value === '')
    throw new LifeOsError('input-invalid', `Give the value of ${options.name} at the prompt, or pipe it in: lifeos secrets set … < file`)
  const { client } = await session.backend()
  const secret = await client.secrets.set(secretFrom(options, kind, value, clientSecret))
  if (io.json) io.out(JSON.stringify(secret))
  else io.out(`Kept. It is sent to ${secret.hosts.join(', ') || 'no place yet: add --host <host:port>'} and shown nowhere.`)
  return EXIT.done
}

const PROMPTS: Record<SecretKind, string> = { token: 'Token: ', basic: 'Password: ', oauth2: 'Refresh token: ' }

function secretFrom(options: SetSecretOptions, kind: SecretKind, value: string, clientSecret: string | undefined): NewSecret {
  const { name, host = [], title = '', user, tokenUrl, clientId, scope } = options
  const oauth = tokenUrl !== undefined && {
    tokenUrl,
    clientId: clientId ?? '',
    ...(clientSecret !== undefined && { clientSecret }),
    ...(scope !== undefined && { scope }),
  }
  return { name, kind, title, hosts: host, value, ...(user !== undefined && { user }), ...(oauth && { oauth }) }
}

export const removeSecret: Command<{ name: string }> = async (session, { name }) => {
  const { client } = await session.backend()
  await client.secrets.remove({ name })
  if (session.io.json) session.io.out(JSON.stringify({ removed: name }))
  else session.io.out(`Removed ${name}. Revoke it at its service too, if others may have it.`)
  return EXIT.done
}

export const rotateSecrets: Command = async (session) => {
  const { client } = await session.backend()
  const { secrets } = await client.secrets.rotateKey()
  if (session.io.json) session.io.out(JSON.stringify({ secrets }))
  else session.io.out(`${secrets === 1 ? '1 secret is' : `${secrets} secrets are`} sealed under a new key.`)
  return EXIT.done
}
