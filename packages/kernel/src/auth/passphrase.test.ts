import { expect, test } from 'vitest'
import { hashPassphrase, verifyPassphrase } from './passphrase.ts'

test('a passphrase is found again and nothing else is', async () => {
  const stored = await hashPassphrase('Grüße aus dem Garten')
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await verifyPassphrase('Grüße aus dem Garten'.normalize('NFD'), stored)).toBe(true)
  expect(await verifyPassphrase('Grusse aus dem Garten', stored)).toBe(false)
  expect(await verifyPassphrase('', stored)).toBe(false)
})

test('two hashes of one passphrase differ', async () => {
  expect(await hashPassphrase('the same words')).not.toBe(await hashPassphrase('the same words'))
})

test.each(['', 'plain', '$argon2id$v=19$m=1,t=1$x$y', '$2b$10$abcdefghijklmnopqrstuv'])(
  'what is no such hash matches nothing: %s',
  async (stored) => {
    expect(await verifyPassphrase('anything', stored)).toBe(false)
  },
)
