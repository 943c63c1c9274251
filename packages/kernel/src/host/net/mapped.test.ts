import { expect, test } from 'vitest'
import type { CallScope } from '../types.ts'
import { admitUrl, parseUrl } from './address.ts'

test('an address that a grant denies is denied in every way of writing it, by name too', async () => {
  const denial = { rule: 'grant-deny', grant: 'g', permission: 'net:93.184.216.34:443' } as const
  const denies = {
    of: ({ resource }: { resource: string }) => (resource === '93.184.216.34:443' ? denial : null),
    namedBelow: () => null,
    matchesBelow: () => null,
  }
  const scope = {
    plugin: 'test',
    tool: 'test.tool',
    labels: [],
    allowed: [{ kind: 'net', resource: '*:443' }],
    denies,
  } as unknown as CallScope // what is looked at here
  const lookup = async () => [{ address: '::ffff:93.184.216.34', family: 6 as const }]
  for (const address of [
    'https://93.184.216.34/',
    'https://[::ffff:93.184.216.34]/',
    'https://[::ffff:5db8:d822]/',
    'https://1572395042/',
    'https://named.example/',
  ])
    await expect(admitUrl(scope, parseUrl(address), lookup)).rejects.toMatchObject({ code: 'address-not-allowed' })
  await expect(admitUrl(scope, parseUrl('https://[::ffff:93.184.216.35]/'), lookup)).resolves.toMatchObject({ port: '443' })
})
