/** Run by `probe.ts`: loads the plugin named in its argument and prints one line of JSON about what that reached for. */
import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { registerHooks, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { pathToFileURL } from 'node:url'
import type { PluginV1 } from '../define.ts'

// Source outside of the repository finds the SDK and Zod where a build would give them to it; what is built carries them.
if (import.meta.url.endsWith('.ts')) {
  const given: Record<string, string> = {
    '@life-os/plugin-sdk': new URL('../index.ts', import.meta.url).href,
    zod: import.meta.resolve('zod'),
  }
  registerHooks({ resolve: (specifier, context, next) => next(given[specifier] ?? specifier, context) })
}

const reached: string[] = []
function watch(name: string): () => never {
  return () => {
    reached.push(name)
    throw new Error(`${name} is not for plugins`)
  }
}

Object.assign(net.Socket.prototype, { connect: watch('net.connect') })
Object.assign(dns, { lookup: watch('dns.lookup'), resolve: watch('dns.resolve') })
Object.assign(dns.promises, { lookup: watch('dns.lookup'), resolve: watch('dns.resolve') })
Object.assign(dgram, { createSocket: watch('dgram.createSocket') })
for (const name of ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'] as const)
  Object.assign(childProcess, { [name]: watch(`child_process.${name}`) })
syncBuiltinESMExports()
globalThis.fetch = watch('fetch')

const before = process.getActiveResourcesInfo().length
let error: string | undefined
let plugin: PluginV1 | undefined
try {
  const module = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { default: PluginV1 } // the suite checks what it is
  plugin = module.default
  if (process.getActiveResourcesInfo().length > before) reached.push(...process.getActiveResourcesInfo().slice(before))
  await plugin.start?.()
  await plugin.stop?.()
} catch (thrown) {
  error = thrown instanceof Error ? thrown.message : String(thrown)
}
console.log(JSON.stringify({ probe: { reached, ...(error !== undefined && { error }) } }))
