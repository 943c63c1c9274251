import type { Need } from '@life-os/contract'

/**
 * The other doors of the same site: its secure form, and the name with or without `www.`. A site commonly answers at one
 * of them by naming another. Addresses written as numbers have none.
 */
export function sameSite(need: Need): Need[] {
  if (need.kind !== 'net') return []
  const match = /^([^:[\]]+):(80|443)$/.exec(need.resource)
  const host = match?.[1]
  if (host === undefined || !/\.[a-z]/i.test(host)) return []
  const other = host.startsWith('www.') ? host.slice('www.'.length) : `www.${host}`
  const doors = match?.[2] === '80' ? [`${host}:443`, `${other}:443`, `${other}:80`] : [`${other}:443`] // never from the secure form to the open one
  return doors.map((resource) => ({ kind: 'net', resource }))
}
