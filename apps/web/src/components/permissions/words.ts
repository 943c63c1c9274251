import { describePermission } from '@life-os/contract'
import type { Need, PermissionWords } from '@life-os/contract'
import { homeFolder } from '../../lib/format.ts'

/** A permission in plain words, with this person's home as `~`. */
export function permissionWords(permission: string): PermissionWords {
  const home = homeFolder()
  return describePermission(permission, home === null ? {} : { home })
}
export const permissionOf = (need: Need): string => `${need.kind}:${need.resource}`
