import { z } from 'zod'
import { Risk } from '../changes/change.ts'
import { JsonSchema, Time } from '../common/values.ts'
import { SecretUseShape } from './secret-use.ts'

/** A server of the Model Context Protocol that a person set up. It is treated like a stranger's plugin `mcp-<id>`. */
export const McpServerConfig = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case words joined by -'),
  name: z.string().min(1).max(100),
  transport: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('stdio'),
      /** A program in the box: `node`, `python3` or an absolute path below a mount. */
      command: z.string(),
      args: z.array(z.string()).default([]),
      env: z.record(z.string(), z.string()).default({}),
      /** Variables that hold a secret's value: needs `secret.read:<name>`, since the server sees it. */
      secretEnv: z.record(z.string(), z.string()).default({}),
      /** Folders of this machine it sees, under their own paths. */
      mounts: z.array(z.strictObject({ path: z.string(), access: z.enum(['read', 'write']) })).default([]),
      /** `host:port` it may reach through the filtering proxy. */
      network: z.array(z.string()).default([]),
    }),
    z.strictObject({ kind: z.literal('http'), url: z.url(), auth: SecretUseShape.optional() }),
  ]),
  enabled: z.boolean().default(true),
  /** Milliseconds for one call. */
  timeout: z.int().min(1000).max(3_600_000).default(60_000),
})
export type McpServerConfig = z.infer<typeof McpServerConfig>

export const McpServer = z.object({
  config: McpServerConfig,
  /** `waiting`: its tools were asked for and wait to be accepted; `changed`: they differ from what was accepted. */
  state: z.enum(['waiting', 'ready', 'idle', 'connecting', 'unreachable', 'changed', 'disabled']),
  reason: z.string().nullable(),
  /** SHA-256 of the tools that it lists now, or that were accepted; what `accept` is bound to. */
  digest: z.string().nullable(),
  /** `changed`: what is different from what was accepted, a line each. */
  difference: z.array(z.string()),
  /** What it says of itself. */
  server: z.object({ name: z.string(), version: z.string(), protocol: z.string() }).nullable(),
  tools: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      title: z.string(),
      description: z.string(),
      effect: z.enum(['read', 'write', 'external']),
      risk: Risk,
      /** As it declares it. */
      input: JsonSchema,
      accepted: z.boolean(),
    }),
  ),
  resources: z.int(),
  prompts: z.array(z.object({ name: z.string(), description: z.string() })),
  connectedAt: Time.nullable(),
  log: z.array(z.string()),
})
export type McpServer = z.infer<typeof McpServer>
