import { LifeOsError } from '@life-os/contract'
import { RECORDING_ENDED } from './types.ts'
import type { HostServices, Recording } from './types.ts'
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

/** The same for a preview: a call that cannot be predicted ends the recording, and so does every call after it. */
export function endingRecording(recording: Recording, handlers: Handlers): HostServices {
  const services = servicesOf(handlers)
  const ended = () => fault(RECORDING_ENDED, 'What follows depends on an answer that is known only when the plan runs.')
  return {
    async handle(service, args, signal) {
      if (recording.unknown) throw ended()
      try {
        return await services.handle(service, args, signal)
      } catch (error) {
        if (error instanceof LifeOsError && error.code === RECORDING_ENDED) recording.unknown = true
        throw error
      }
    },
  }
}
