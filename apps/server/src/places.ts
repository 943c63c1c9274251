import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))

/** What `npm run build` made: the SDK's runtime and the bundled plugins, and the web app. */
export const BUILD = join(checkout, 'dist')
export const WEB = join(BUILD, 'web')
export const DEFAULT_PORT = 7777

/** Where a person's Life-OS lives: `LIFEOS_HOME`, or `~/.life-os`. */
export function homeFrom(environment: NodeJS.ProcessEnv): string {
  const given = environment['LIFEOS_HOME']?.trim()
  return given ? resolve(given) : join(homedir(), '.life-os')
}
export const databaseFrom = (environment: NodeJS.ProcessEnv): string | undefined => environment['LIFEOS_DATABASE_URL']?.trim() || undefined
export { notedAddress } from './address.ts'
