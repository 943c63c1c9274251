import { z } from 'zod'
import { Id, Time } from '../common/values.ts'
import { Mode } from '../events/run-event.ts'
import { Manifest, ToolDescription } from '../tools/tool.ts'

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

export const PluginState = z.enum(['ready', 'idle', 'starting', 'crashed', 'quarantined', 'disabled', 'refused'])
export const Plugin = z.object({
  manifest: Manifest,
  state: PluginState,
  reason: z.string().nullable(),
  digest: z.string(),
  bundled: z.boolean(),
  tools: z.array(ToolDescription),
  health: z.object({
    pid: z.int().nullable(),
    startedAt: Time.nullable(),
    startTime: z.number().nullable(), // ms
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
