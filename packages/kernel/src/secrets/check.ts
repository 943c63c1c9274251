import { LifeOsError } from '@life-os/contract'
import type { NewSecret } from '@life-os/contract'
import { SHORTEST_VALUE } from './needles.ts'
import { checkPlace } from './place.ts'

const invalid = (message: string): LifeOsError => new LifeOsError('secret-invalid', message, { applied: 'no' })

/** What a person gives, as it is stored. Errors: `secret-too-short`, `secret-invalid`. The sentences never repeat a value. */
export function checkSecret(given: NewSecret): NewSecret & { hosts: string[] } {
  for (const value of [given.value, given.oauth?.clientSecret])
    if (value !== undefined && value.length < SHORTEST_VALUE)
      throw new LifeOsError(
        'secret-too-short',
        `A secret has at least ${SHORTEST_VALUE} characters: a shorter one cannot be told from ordinary text where it must be hidden.`,
        { applied: 'no' },
      )
  if (/^[\r\n]|[\r\n]$|\0/.test(given.value)) throw invalid('The secret begins or ends with a line break. Give the value alone.')
  if (given.kind === 'basic' && (given.user === undefined || given.user.includes(':') || /[\r\n\0]/.test(given.user)))
    throw invalid('A secret of kind basic has a user name, without a colon (RFC 7617).')
  if (given.kind !== 'basic' && given.user !== undefined) throw invalid('Only a secret of kind basic has a user name.')
  if (given.kind !== 'oauth2' && given.oauth) throw invalid('Only a secret of kind oauth2 has an address to refresh it at.')
  if (given.kind === 'oauth2') checkOAuth(given.oauth)
  return { ...given, hosts: [...new Set(given.hosts.map(checkPlace))] }
}

function checkOAuth(oauth: NewSecret['oauth']): void {
  if (!oauth || oauth.clientId === '') throw invalid('A secret of kind oauth2 has the address of its token endpoint and a client id.')
  const url = URL.parse(oauth.tokenUrl)
  if (!url || url.username !== '' || url.password !== '' || !/^https?:$/.test(url.protocol))
    throw invalid('The token endpoint is a web address, without a user name or password.')
  if (url.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname))
    throw invalid('The token endpoint begins with https://: a refresh token never travels in the clear.')
}
