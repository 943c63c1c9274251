// Rows of what came with the second migration: installed plugins, secrets, labels. Conventions as in schema.ts.

export interface PluginTables {
  plugin_installs: PluginInstallRow
  plugin_settings: PluginSettingRow
  secrets: SecretRow
  folder_labels: FolderLabelRow
  file_labels: FileLabelRow
}

/** One version of a plugin that a person installed. At most one a plugin is `accepted`, at most one `waiting`. */
export interface PluginInstallRow {
  id: string
  digest: string
  version: string
  state: string // waiting | accepted | replaced
  source_json: string
  manifest_json: string
  /** Permissions accepted with it, JSON array of texts; null while it waits. */
  accepted_json: string | null
  at: number
  by: string
}
export interface PluginSettingRow {
  id: string
  values_json: string
  at: number
  by: string
}
export interface SecretRow {
  name: string
  kind: string
  title: string
  hosts_json: string
  user: string | null
  /** AES-256-GCM of the material under key `key_id`: base64 of nonce, tag and ciphertext; the name is authenticated with it. */
  sealed: string
  key_id: string
  created_at: number
  updated_at: number
  used_at: number | null
  expires_at: number | null
}
export interface FolderLabelRow {
  path: string
  labels: string
  at: number
  by: string
}
export interface FileLabelRow {
  /** Empty for a blob. */
  path: string
  /** SHA-256 of the content; empty while it is not known; `tree` for a place with all that lies below it. */
  hash: string
  /** Bytes of that content, where known: only files of a noted size are hashed to find their labels. */
  size: number | null
  labels: string
  /** JSON: `sources`, and `set` with who decided where a person set the labels. */
  source: string
  at: number
}
