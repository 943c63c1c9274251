import { z } from 'zod'
import type { Handlers } from './fs/services.ts'
import { checkSecretUse } from './net/credential.ts'
import type { HostSecrets } from './net/credential.ts'
import { fault } from './paths/faults.ts'
import type { LabelledScope } from './labels/index.ts'

const Arguments = z.tuple([z.string().regex(/^[a-z][a-z0-9-]{0,62}$/)])

/** `secrets.read`: the bare value, which only a call gets that `secret.read:<name>` was decided for, and which makes the call private. */
export function createSecretServices(scope: LabelledScope, secrets: HostSecrets): Handlers {
  return {
    'secrets.read': async (args) => {
      const parsed = Arguments.safeParse(args)
      if (!parsed.success) throw fault('arguments-invalid', `secrets.read was called wrongly: ${z.prettifyError(parsed.error)}`)
      const [name] = parsed.data
      checkSecretUse(scope, 'secret.read', name)
      scope.seen.add('private', `secret ${name}`) // before the value is there, so that no answer comes without the label
      return secrets.read(name, { actor: scope.plugin, run: scope.run, step: scope.path, tool: scope.tool })
    },
  }
}
