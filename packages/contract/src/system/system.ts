import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { Mode } from '../events/run-event.ts'
import { Labels } from '../common/labels.ts'
import { Manifest, ManifestPermission, ToolDescription } from '../tools/tool.ts'

export const Role = z.enum(['viewer', 'member', 'admin'])
export type Role = z.infer<typeof Role>
export const Person = z.object({ id: Id, name: z.string(), role: Role, createdAt: Time, hasPassphrase: z.boolean() })
export type Person = z.infer<typeof Person>
export const Scope = z.enum(['read', 'run', 'approve', 'admin'])
export type Scope = z.infer<typeof Scope>
export const ApiToken = z.object({
  id: Id,
  name: z.string(),
  person: Id,
  scopes: z.array(Scope),
  createdAt: Time,
  expiresAt: Time.nullable(),
  usedAt: Time.nullable(),
})
export type ApiToken = z.infer<typeof ApiToken>

/** `waiting`: installed, and nothing of it runs before a person accepts its permissions. */
export const PluginState = z.enum(['ready', 'idle', 'starting', 'crashed', 'quarantined', 'disabled', 'refused', 'waiting'])

/** Where an installed plugin came from. */
export const PluginSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bundled') }),
  /** `watch`: built again and reloaded when a file in it changes. */
  z.object({ kind: z.literal('folder'), path: z.string(), watch: z.boolean().default(false) }),
  z.object({ kind: z.literal('archive'), name: z.string() }),
  /** `commit` pins what was fetched. */
  z.object({ kind: z.literal('git'), url: z.string(), ref: z.string().optional(), commit: z.string() }),
  /** A server of the Model Context Protocol that a person set up: see McpServer. */
  z.object({ kind: z.literal('mcp'), server: z.string() }),
])
export type PluginSource = z.infer<typeof PluginSource>

/** How far a plugin's processes are shut in on this machine. */
export const Isolation = z.object({
  /** `bubblewrap`: a box of namespaces, seccomp and limits. `permissions`: Node's own permissions alone, the next best where there is no bubblewrap. */
  level: z.enum(['bubblewrap', 'permissions']),
  /** Why it is not `bubblewrap`, and the command that mends it. */
  reason: z.string().nullable(),
  mend: z.string().nullable(),
  /** The uid inside and outside, and whether cgroup limits hold. */
  uid: z.int().nullable(),
  cgroup: z.boolean(),
})
export type Isolation = z.infer<typeof Isolation>

/** What a version asks for against what was accepted before. */
export const PermissionDiff = z.object({
  added: z.array(ManifestPermission),
  removed: z.array(ManifestPermission),
  kept: z.array(ManifestPermission),
})
export type PermissionDiff = z.infer<typeof PermissionDiff>

/** A version that is there and waits for a person. */
export const PendingPlugin = z.object({
  manifest: Manifest,
  digest: z.string(),
  source: PluginSource,
  at: Time,
  permissions: PermissionDiff,
  /** Faults and remarks that need no running of its code, for example a missing README or a removed tool. */
  faults: z.array(z.string()),
  remarks: z.array(z.string()),
})
export type PendingPlugin = z.infer<typeof PendingPlugin>
export const Plugin = z.object({
  manifest: Manifest,
  state: PluginState,
  reason: z.string().nullable(),
  digest: z.string(),
  bundled: z.boolean(),
  source: PluginSource,
  /** A version that waits to be accepted: the first one or an update. */
  pending: PendingPlugin.nullable(),
  isolation: Isolation,
  /** Labels of all that its present process has served; they fall when it is restarted. */
  labels: Labels,
  tools: z.array(ToolDescription),
  health: z.object({
    pid: z.int().nullable(),
    startedAt: Time.nullable(),
    startTime: z.number().nullable(), // ms
    /** How often a process of it was started. */
    starts: z.int().optional(),
    calls: z.int(),
    errors: z.int(),
    crashes: z.int(),
    p50: z.number().nullable(), // ms
    p95: z.number().nullable(), // ms
    memory: z.int().nullable(), // bytes
    log: z.array(z.string()),
  }),
})
export type Plugin = z.infer<typeof Plugin>

export const Settings = z.object({
  mode: Mode,
  undoDays: z.int().min(1).max(3650),
  trashLimit: z.int().min(0), // bytes
  approvalHours: z.int().min(1),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
})
export type Settings = z.infer<typeof Settings>

export const Health = z.object({
  status: z.enum(['ready', 'starting', 'stopped', 'unwell']),
  version: z.string(),
  home: z.string(),
  store: z.enum(['sqlite', 'postgres']),
  uptime: z.number(),
  emergencyStop: z.boolean(),
  running: z.int(),
  waiting: z.int(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), message: z.string(), mend: z.string().optional() })),
})
export type Health = z.infer<typeof Health>

export const TrashItem = z.object({
  effect: Id,
  run: Id,
  path: z.string(),
  size: z.int(),
  kind: z.string(),
  at: Time,
  until: Time.nullable(),
})
export type TrashItem = z.infer<typeof TrashItem>

export const FolderEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['file', 'folder', 'link', 'special']),
  size: z.int(),
  mtime: z.number(),
})
export type FolderEntry = z.infer<typeof FolderEntry>

/** How the host adds a secret to a request. */
export const SecretKind = z.enum(['token', 'basic', 'oauth2'])
export type SecretKind = z.infer<typeof SecretKind>

/** A secret without its value. It is only ever sent to `hosts`. */
export const Secret = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
  kind: SecretKind,
  /** What a person wrote to recognise it by. */
  title: z.string(),
  /** `host:port` or `*.host:port` that it may be sent to. Empty: nowhere. */
  hosts: z.array(z.string()),
  /** Of kind `basic`. */
  user: z.string().nullable(),
  createdAt: Time,
  updatedAt: Time,
  usedAt: Time.nullable(),
  /** Of kind `oauth2`: when the access token ends. */
  expiresAt: Time.nullable(),
})
export type Secret = z.infer<typeof Secret>

/** A secret as a person gives it. `value`: the token, the password or, for `oauth2`, the refresh token. */
export const NewSecret = Secret.pick({ name: true, kind: true, hosts: true }).extend({
  title: z.string().default(''),
  value: z.string().min(1).max(65_536),
  user: z.string().optional(),
  oauth: z
    .object({ tokenUrl: z.url(), clientId: z.string(), clientSecret: z.string().optional(), scope: z.string().optional() })
    .optional(),
})
export type NewSecret = z.infer<typeof NewSecret>
