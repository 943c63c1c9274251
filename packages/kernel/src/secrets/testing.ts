import type { NewSecret } from '@life-os/contract'
import { createPlainRequest } from '../host/index.ts'
import type { Store } from '../store/index.ts'
import { createSecrets } from './create.ts'
import type { SecretsDeps } from './create.ts'
import { createRedactor } from './redactor.ts'
import type { Secrets } from './types.ts'

/** Secrets over a real store, its key file and real connections. */
export function openSecrets(store: Store, more: Partial<SecretsDeps> = {}): Promise<Secrets> {
  return createSecrets({
    store,
    home: store.home,
    now: Date.now,
    redactor: createRedactor(),
    logger: { warn: () => undefined },
    send: createPlainRequest(),
    ...more,
  })
}

export const token = (name: string, value: string, hosts: string[] = ['api.example:443']): NewSecret => ({
  name,
  kind: 'token',
  title: '',
  hosts,
  value,
})
