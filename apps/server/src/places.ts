import { homedir } from 'node:os'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const checkout = checkoutOf(dirname(fileURLToPath(import.meta.url)))

/** The checkout this file runs from: its sources and its bundle lie at different depths. */
function checkoutOf(folder: string): string {
  const above = dirname(folder)
  return existsSync(join(folder, 'package-lock.json')) || above === folder ? folder : checkoutOf(above)
}

/** What `npm run build` made: the SDK's runtime and the bundled plugins, and the web app. */
export const BUILD = join(checkout, 'dist')
export const WEB = join(BUILD, 'web')
/** The server as a program of its own, in the form that runs now. */
export const PROGRAM = import.meta.url.endsWith('.ts')
  ? join(checkout, 'apps', 'server', 'src', 'main.ts')
  : join(BUILD, 'server', 'main.js')
/** The program that bundles plugins that a person installs; from its sources the kernel knows it itself. */
export const BUNDLER = import.meta.url.endsWith('.ts') ? undefined : join(BUILD, 'server', 'bundler.js')
export const DEFAULT_PORT = 7777

/** Where a person's Life-OS lives: `LIFEOS_HOME`, or `~/.life-os`. */
export function homeFrom(environment: NodeJS.ProcessEnv): string {
  const given = environment['LIFEOS_HOME']?.trim()
  return given ? resolve(given) : join(homedir(), '.life-os')
}
export const databaseFrom = (environment: NodeJS.ProcessEnv): string | undefined => environment['LIFEOS_DATABASE_URL']?.trim() || undefined
export { notedAddress } from './address.ts'

/** The key of secrets lies in the system's keychain instead of the data folder. */
export const wantsKeychain = (environment: NodeJS.ProcessEnv = process.env): boolean => environment['LIFEOS_KEYCHAIN'] === '1'
