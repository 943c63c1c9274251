import { registerHooks } from 'node:module'

/**
 * Node's own modules that a plugin may import: those that compute and reach nothing. The walls are Node's permissions and
 * the sandbox around this process; this makes a forbidden import fail early and by name.
 */
const HARMLESS = new Set([
  'assert', 'assert/strict', 'async_hooks', 'buffer', 'constants', 'crypto', 'events', 'path', 'path/posix', 'path/win32', 'perf_hooks', 'punycode', 'querystring',
  'stream', 'stream/promises', 'stream/web', 'string_decoder', 'timers', 'timers/promises', 'url', 'util', 'util/types', 'zlib',
])
const AMBIENT_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator', 'localStorage', 'sessionStorage']

const bare = (name: string) => (name.startsWith('node:') ? name.slice('node:'.length) : name)

function refuse(name: string): never {
  throw Object.assign(new Error(`A plugin may not import "${name}": use the host services (host.fs, host.net).`), { code: 'ERR_ACCESS_DENIED' })
}

/** Takes away what a plugin must get from the host. Call once, before the plugin's code is loaded. */
export function takeAmbientPower(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      if (resolved.url.startsWith('node:') && !HARMLESS.has(bare(resolved.url))) refuse(specifier)
      return resolved
    },
  })
  const builtin = process.getBuiltinModule.bind(process)
  const guarded = (name: string): unknown => (HARMLESS.has(bare(name)) ? builtin(name) : refuse(name))
  for (const [name, value] of [['getBuiltinModule', guarded], ['binding', refuse], ['_linkedBinding', refuse], ['dlopen', refuse], ['kill', refuse], ['chdir', refuse]] as const) {
    Object.defineProperty(process, name, { value, writable: false, configurable: false })
  }
  process.argv = process.argv.slice(0, 1)
  process.execArgv = []
  for (const name of AMBIENT_GLOBALS) delete (globalThis as Record<string, unknown>)[name] // globals are properties
}
