import type { Scope } from '@life-os/contract'
import { EXIT } from '../output/exit.ts'
import type { Command } from '../session.ts'

/** Standard output is the protocol's: nothing else is printed. */
export const serveMcp: Command<{ approve?: boolean; private?: boolean }> = async (
  session,
  { approve = false, private: showsPrivate = false },
) => {
  const [{ notedAddress, serveMcpOverStdio, VERSION }, backend] = await Promise.all([import('@life-os/server'), session.backend()])
  const scopes = new Set<Scope>(['read', 'run', ...(approve ? (['approve'] as const) : [])])
  await serveMcpOverStdio(
    { client: backend.client, scopes, id: 'stdio', address: notedAddress(session.home) ?? null, showsPrivate },
    VERSION,
  )
  return EXIT.done
}
