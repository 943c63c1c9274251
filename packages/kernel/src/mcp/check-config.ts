import { realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import type { McpServerConfig } from '@life-os/contract'
import { configInvalid, messageOf } from './faults.ts'

type Stdio = Extract<McpServerConfig['transport'], { kind: 'stdio' }>

const PROGRAM = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,99}$/
const PLACE = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}$/
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/
const SECRET = /^[a-z][a-z0-9-]{0,62}$/
/** What changes how a program is loaded would let an argument become code of another. */
const TAKEN = /^(?:LD_|DYLD_|NODE_OPTIONS$|PATH$|HOME$|TMPDIR$)/

/** A configuration as it is kept: folders by their real paths. Error: `mcp-config-invalid` with what to do. */
export function checkedConfig(config: McpServerConfig, home: string): McpServerConfig {
  const { transport } = config
  if (transport.kind === 'stdio') return { ...config, transport: checkedStdio(transport, home) }
  const url = URL.parse(transport.url)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw configInvalid('The address of a server begins with https:// or http://.')
  if (url.username !== '' || url.password !== '')
    throw configInvalid('The address must not carry a password. Keep it as a secret and name that under auth.')
  if (transport.auth && (transport.auth.as === 'header' || transport.auth.as === 'query') && !transport.auth.name)
    throw configInvalid(`A secret sent as ${transport.auth.as} needs a name.`)
  return config
}

function checkedStdio(transport: Stdio, home: string): Stdio {
  const { command, env, secretEnv, network } = transport
  if (!path.posix.isAbsolute(command) && !PROGRAM.test(command))
    throw configInvalid(`${command} is no program. Name it (node) or give its whole path below a mounted folder.`)
  for (const name of [...Object.keys(env), ...Object.keys(secretEnv)])
    if (!VARIABLE.test(name) || TAKEN.test(name)) throw configInvalid(`The variable ${name} cannot be set for a server.`)
  for (const name of Object.keys(secretEnv)) if (name in env) throw configInvalid(`The variable ${name} is set twice.`)
  for (const secret of Object.values(secretEnv)) if (!SECRET.test(secret)) throw configInvalid(`${secret} is no name of a secret.`)
  for (const place of network) if (!PLACE.test(place)) throw configInvalid(`${place} is no place. Write it like api.example.org:443.`)
  const mounts = transport.mounts.map((mount) => ({ ...mount, path: realFolder(mount.path, realpathSync(home)) }))
  return { ...transport, network: [...new Set(network.map((place) => place.toLowerCase()))].toSorted(), mounts }
}

function realFolder(asked: string, home: string): string {
  if (!path.posix.isAbsolute(asked)) throw configInvalid(`${asked} is no whole path. Begin it with /.`)
  let real: string
  try {
    real = realpathSync(asked)
    if (!statSync(real).isDirectory()) throw new Error('it is not a folder')
  } catch (error) {
    throw configInvalid(`${asked} cannot be shown to a server: ${messageOf(error)}.`)
  }
  if (isWithin(home, real) || isWithin(real, home)) throw configInvalid(`${asked} holds or is Life-OS’s own folder, which no server sees.`)
  if (/[*?[\]{}]/.test(real)) throw configInvalid(`${asked} has a wildcard in its name; rename it, or name another folder.`)
  return real
}

const isWithin = (place: string, folder: string): boolean => place === folder || place.startsWith(folder === '/' ? '/' : `${folder}/`)
