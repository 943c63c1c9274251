import type { HostServices } from './types.ts'
import type { Handlers } from './fs/services.ts'
import { fault } from './paths/faults.ts'

/** Serves host calls by name. Error: `service-unknown`. An aborted call is refused before it begins. */
export function servicesOf(handlers: Handlers): HostServices {
  return {
    async handle(service, args, signal) {
      signal.throwIfAborted()
      const handler = Object.hasOwn(handlers, service) ? handlers[service] : undefined
      if (!handler) throw fault('service-unknown', `The host has no service ${service}; check the SDK version the plugin was made for.`)
      return handler(args, signal)
    },
  }
}
