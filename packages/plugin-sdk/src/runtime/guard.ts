import { registerHooks } from 'node:module'
import { Server, Socket } from 'node:net'
import { isHarmlessBuiltin } from '../tool/index.ts'

const AMBIENT_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator', 'localStorage', 'sessionStorage']

function refuse(name: string): never {
  throw Object.assign(new Error(`A plugin may not import "${name}": use the host services (host.fs, host.net).`), {
    code: 'ERR_ACCESS_DENIED',
  })
}

/**
 * Takes away what a plugin must get from the host. Call once, before the plugin's code is loaded. The walls are Node's
 * permissions and the sandbox around this process; this makes a forbidden import fail early and by name.
 */
export function takeAmbientPower(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context)
      if (resolved.url.startsWith('node:') && !isHarmlessBuiltin(resolved.url)) refuse(specifier)
      return resolved
    },
  })
  const builtin = process.getBuiltinModule.bind(process)
  const guarded = (name: string): unknown => (isHarmlessBuiltin(name) ? builtin(name) : refuse(name))
  for (const [name, value] of [
    ['getBuiltinModule', guarded],
    ['binding', refuse],
    ['_linkedBinding', refuse],
    ['dlopen', refuse],
    ['kill', refuse],
    ['chdir', refuse],
  ] as const) {
    Object.defineProperty(process, name, { value, writable: false, configurable: false })
  }
  // Standard output is a socket, and its constructor makes more of them.
  Object.defineProperty(Socket.prototype, 'connect', { value: () => refuse('node:net'), writable: false, configurable: false })
  Object.defineProperty(Server.prototype, 'listen', { value: () => refuse('node:net'), writable: false, configurable: false })
  process.argv = process.argv.slice(0, 1)
  process.execArgv = []
  for (const name of AMBIENT_GLOBALS) delete (globalThis as Record<string, unknown>)[name] // globals are properties
}
