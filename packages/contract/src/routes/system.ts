import { z } from 'zod'
import { PageQuery, pageOf } from '../common/page.ts'
import { ToolDescription } from '../tools/tool.ts'
import { FileLabel, FolderLabel, Labels } from '../common/labels.ts'
import { JsonSchema, Time } from '../common/values.ts'
import { ApiToken, FolderEntry, Health, NewSecret, Person, Plugin, Role, Scope, Secret, Settings, TrashItem } from '../system/system.ts'
import { IdParam, Ok, base } from './base.ts'

export const tools = {
  list: base.route({ method: 'GET', path: '/tools', summary: 'Every tool' }).output(z.array(ToolDescription)),
}
const PluginId = z.object({ id: z.string() })
export const plugins = {
  list: base.route({ method: 'GET', path: '/plugins', summary: 'Plugins with tools and health' }).output(z.array(Plugin)),
  get: base
    .route({ method: 'GET', path: '/plugins/{id}', summary: 'One plugin' })
    .input(z.object({ id: z.string() }))
    .output(Plugin),
  enable: base
    .route({ method: 'POST', path: '/plugins/{id}/enable', summary: 'Enable a plugin, also out of quarantine' })
    .input(z.object({ id: z.string() }))
    .output(Plugin),
  disable: base
    .route({ method: 'POST', path: '/plugins/{id}/disable', summary: 'Disable a plugin' })
    .input(z.object({ id: z.string() }))
    .output(Plugin),
  install: base
    .route({
      method: 'POST',
      path: '/plugins/install',
      summary: 'Install or update from a folder, a git address or an uploaded archive; nothing of it runs before it is accepted',
    })
    .input(
      z.union([
        z.object({ folder: z.string(), watch: z.boolean().default(false) }),
        z.object({ git: z.string(), ref: z.string().optional() }),
        /** A `.tgz`, `.tar` or `.zip` that was uploaded as a blob. */
        z.object({ blob: z.string(), name: z.string() }),
      ]),
    )
    .output(Plugin),
  accept: base
    .route({ method: 'POST', path: '/plugins/{id}/accept', summary: 'Accept the waiting version with its permissions, and enable it' })
    .input(PluginId.extend({ digest: z.string() }))
    .output(Plugin),
  reject: base
    .route({ method: 'POST', path: '/plugins/{id}/reject', summary: 'Drop the waiting version' })
    .input(PluginId)
    .output(z.object({ ok: z.literal(true) })),
  update: base
    .route({ method: 'POST', path: '/plugins/{id}/update', summary: 'Look for a newer version where it came from' })
    .input(PluginId)
    .output(Plugin),
  rollback: base
    .route({ method: 'POST', path: '/plugins/{id}/rollback', summary: 'Go back to the version before, with the permissions accepted then' })
    .input(PluginId)
    .output(Plugin),
  remove: base
    .route({ method: 'DELETE', path: '/plugins/{id}', summary: 'Remove a plugin; its data stays unless it is deleted too' })
    .input(PluginId.extend({ data: z.union([z.boolean(), z.stringbool()]).default(false) }))
    .output(z.object({ ok: z.literal(true) })),
  restart: base
    .route({ method: 'POST', path: '/plugins/{id}/restart', summary: 'Start its process anew, without labels; no call is lost' })
    .input(PluginId)
    .output(Plugin),
  settings: base
    .route({ method: 'GET', path: '/plugins/{id}/settings', summary: 'Settings of a plugin; secrets are named, never shown' })
    .input(PluginId)
    .output(z.object({ schema: JsonSchema.nullable(), values: z.record(z.string(), z.unknown()) })),
  setSettings: base
    .route({ method: 'PUT', path: '/plugins/{id}/settings', summary: 'Set the settings of a plugin' })
    .input(PluginId.extend({ values: z.record(z.string(), z.unknown()) }))
    .output(z.object({ values: z.record(z.string(), z.unknown()) })),
  log: base
    .route({ method: 'GET', path: '/plugins/{id}/log', summary: 'The last lines a plugin wrote' })
    .input(PluginId.extend({ limit: z.coerce.number().int().min(1).max(2000).default(200) }))
    .output(z.object({ lines: z.array(z.object({ at: Time, level: z.string(), text: z.string() })) })),
}
export const secrets = {
  list: base.route({ method: 'GET', path: '/secrets', summary: 'Secrets by name; never their values' }).output(z.array(Secret)),
  set: base.route({ method: 'PUT', path: '/secrets/{name}', summary: 'Set a secret' }).input(NewSecret).output(Secret),
  remove: base
    .route({ method: 'DELETE', path: '/secrets/{name}', summary: 'Delete a secret' })
    .input(z.object({ name: z.string() }))
    .output(Ok),
  rotateKey: base
    .route({ method: 'POST', path: '/secrets/rotate-key', summary: 'Encrypt every secret under a new key' })
    .output(z.object({ secrets: z.int() })),
}
export const labels = {
  list: base
    .route({ method: 'GET', path: '/labels', summary: 'Labelled folders, and labelled files newest first' })
    .input(PageQuery.extend({ search: z.string().optional() }))
    .output(pageOf(FileLabel).extend({ folders: z.array(FolderLabel) })),
  setFolder: base
    .route({ method: 'PUT', path: '/labels/folder', summary: 'Label a folder; no labels takes its rule away' })
    .input(z.object({ path: z.string(), labels: Labels }))
    .output(Ok),
  lowerFile: base
    .route({ method: 'PUT', path: '/labels/file', summary: "Set a file's labels by a person's own decision" })
    .input(z.object({ path: z.string(), labels: Labels }))
    .output(Ok),
}
export const settings = {
  get: base.route({ method: 'GET', path: '/settings', summary: 'Settings' }).output(Settings),
  set: base.route({ method: 'PATCH', path: '/settings', summary: 'Change settings' }).input(Settings.partial()).output(Settings),
}
export const people = {
  me: base.route({ method: 'GET', path: '/me', summary: 'Who is signed in' }).output(z.object({ person: Person, csrf: z.string() })),
  signIn: base
    .route({ method: 'POST', path: '/sign-in', summary: 'Sign in with a name and passphrase, or a one-time link' })
    .input(z.union([z.object({ name: z.string(), passphrase: z.string() }), z.object({ link: z.string() })]))
    .output(z.object({ person: Person, csrf: z.string() })),
  signOut: base.route({ method: 'POST', path: '/sign-out', summary: 'Sign out' }).output(Ok),
  setPassphrase: base
    .route({ method: 'PUT', path: '/me/passphrase', summary: 'Set the passphrase' })
    .input(z.object({ current: z.string().optional(), passphrase: z.string().min(10) }))
    .output(Ok),
  list: base.route({ method: 'GET', path: '/people', summary: 'People' }).output(z.array(Person)),
  add: base
    .route({ method: 'POST', path: '/people', summary: 'Add a person; answers a one-time link' })
    .input(z.object({ name: z.string().min(1).max(80), role: Role }))
    .output(z.object({ person: Person, link: z.string() })),
  link: base
    .route({ method: 'POST', path: '/people/{id}/link', summary: 'A new one-time link that signs this person in' })
    .input(IdParam)
    .output(z.object({ link: z.string() })),
  remove: base.route({ method: 'DELETE', path: '/people/{id}', summary: 'Remove a person' }).input(IdParam).output(Ok),
  tokens: base.route({ method: 'GET', path: '/tokens', summary: 'API tokens' }).output(z.array(ApiToken)),
  addToken: base
    .route({ method: 'POST', path: '/tokens', summary: 'Make an API token; shown once' })
    .input(z.object({ name: z.string().min(1).max(80), scopes: z.array(Scope).min(1), days: z.int().min(1).max(3650).optional() }))
    .output(z.object({ token: ApiToken, secret: z.string() })),
  removeToken: base.route({ method: 'DELETE', path: '/tokens/{id}', summary: 'Revoke a token' }).input(IdParam).output(Ok),
}
export const system = {
  health: base.route({ method: 'GET', path: '/health', summary: 'How Life-OS is' }).output(Health),
  folders: base
    .route({ method: 'GET', path: '/folders', summary: 'List a folder of this machine for the picker' })
    .input(z.object({ path: z.string().optional(), files: z.union([z.boolean(), z.stringbool()]).default(false) }))
    .output(
      z.object({
        path: z.string(),
        parent: z.string().nullable(),
        entries: z.array(FolderEntry),
        places: z.array(z.object({ name: z.string(), path: z.string() })),
      }),
    ),
  sample: base
    .route({ method: 'POST', path: '/sample-folder', summary: 'Make a messy sample folder to try things on' })
    .output(z.object({ path: z.string(), files: z.int() })),
  trash: base
    .route({ method: 'GET', path: '/trash', summary: 'What the trash holds' })
    .input(PageQuery)
    .output(pageOf(TrashItem).extend({ bytes: z.int() })),
  emptyTrash: base
    .route({ method: 'DELETE', path: '/trash', summary: 'Empty the trash; those effects can no longer be undone' })
    .output(z.object({ removed: z.int(), bytes: z.int() })),
  restoreTrash: base
    .route({ method: 'POST', path: '/trash/restore', summary: 'Put removed files back: an undo run of those effects' })
    .input(z.object({ effects: z.array(z.string()).min(1) }))
    .output(z.object({ runs: z.array(z.string()) })),
}
