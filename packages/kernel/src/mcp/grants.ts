import type { McpServerConfig } from '@life-os/contract'
import { permissionFor } from '../gate/index.ts'
import type { Grants } from '../gate/index.ts'
import { pluginOf } from './describe.ts'

export type ServerGrants = Pick<Grants, 'add' | 'revoke' | 'list'>

/**
 * Who accepts a server lets it read the folders that its configuration names for reading: that is what they named them for.
 * Everything else (writing, places, secrets) is asked for like any tool's.
 */
export async function grantReading(grants: ServerGrants, { id, transport }: McpServerConfig, by: string): Promise<void> {
  if (transport.kind === 'http') return
  const subject = { kind: 'plugin' as const, id: pluginOf(id) }
  for (const { path, access } of transport.mounts) {
    if (access !== 'read') continue
    const permission = permissionFor({ kind: 'fs.read', resource: `${path}/**` })
    await grants.add({ subject, permission, verdict: 'allow', expiresAt: null }, 'settings', by)
  }
}

/** What was granted to a server ends with it, or when it becomes another. */
export async function revokeAll(grants: ServerGrants, id: string, by: string): Promise<void> {
  const plugin = pluginOf(id)
  let cursor: string | undefined
  do {
    const page = await grants.list({ limit: 500, cursor })
    for (const grant of page.items) if (grant.subject.kind === 'plugin' && grant.subject.id === plugin) await grants.revoke(grant.id, by)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
}
