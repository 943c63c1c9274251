import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { LifeOsError } from '@life-os/contract'
import type { Plugin } from '@life-os/contract'
import type { Backend } from '../backend/backend.ts'
import { printable } from '../output/colour.ts'
import { EXIT } from '../output/exit.ts'
import type { Exit } from '../output/exit.ts'
import { table } from '../output/table.ts'
import type { Command, Session } from '../session.ts'
import { absolute } from './inputs.ts'
import { pendingLines, pluginLines, sourceWords } from './plugin-words.ts'

export const listPlugins: Command = async (session) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const plugins = await client.plugins.list()
  if (io.json) io.out(JSON.stringify(plugins))
  else
    for (const line of table(
      plugins.map((plugin) => [
        plugin.manifest.id,
        plugin.manifest.version,
        paint(plugin.state === 'ready' || plugin.state === 'idle' ? 'green' : 'amber', plugin.state),
        `${sourceWords(plugin.source)}${plugin.pending ? paint('amber', ` · ${plugin.pending.manifest.version} waits to be accepted`) : ''}`,
      ]),
    ))
      io.out(line)
  return EXIT.done
}

export const showPlugin: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  return shown(session, await client.plugins.get({ id }))
}

/** Fetches and builds it, shows what it asks for, and accepts it when a person says so. */
export const installPlugin: Command<{ source: string; ref?: string; watch?: boolean; yes?: boolean }> = async (session, options) => {
  const backend = await session.backend()
  const plugin = await backend.client.plugins.install(await sourceOf(backend, options))
  return consider(session, backend, plugin, options.yes ?? false)
}

export const updatePlugin: Command<{ id: string; yes?: boolean }> = async (session, { id, yes = false }) => {
  const backend = await session.backend()
  return consider(session, backend, await backend.client.plugins.update({ id }), yes)
}

export const acceptPlugin: Command<{ id: string; digest?: string; yes?: boolean }> = async (session, { id, digest, yes = false }) => {
  const backend = await session.backend()
  const plugin = await backend.client.plugins.get({ id })
  if (digest !== undefined && plugin.pending !== null && plugin.pending.digest !== digest)
    throw new LifeOsError('plugin-pending-changed', `What waits is ${plugin.pending.digest}, not ${digest}. Look at it again.`)
  if (plugin.pending === null) session.io.note(`Nothing of ${id} waits to be accepted.`)
  return consider(session, backend, plugin, yes)
}

export const rejectPlugin: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  return told(session, await client.plugins.reject({ id }), `Dropped the waiting version of ${id}.`)
}

export const removePlugin: Command<{ id: string; data?: boolean }> = async (session, { id, data = false }) => {
  const { client } = await session.backend()
  const words = data ? 'with its settings' : 'its settings stay; --data deletes them'
  return told(session, await client.plugins.remove({ id, data }), `Removed ${id} (${words}).`)
}

export const rollbackPlugin: Command<{ id: string }> = async (session, { id }) => {
  const { client } = await session.backend()
  const plugin = await client.plugins.rollback({ id })
  return told(session, plugin, `${id} is ${plugin.manifest.version} again, with the permissions accepted then.`)
}

export const turnPlugin: Command<{ id: string; verb: 'enable' | 'disable' | 'restart' }> = async (session, { id, verb }) => {
  const { client } = await session.backend()
  const plugin = await client.plugins[verb]({ id })
  return told(session, plugin, `${id} is ${plugin.state}.`)
}

/** Without values it shows them; `name=` takes one away. */
export const pluginSettings: Command<{ id: string; values: string[] }> = async (session, { id, values }) => {
  const { client } = await session.backend()
  const before = await client.plugins.settings({ id })
  if (values.length === 0) {
    if (session.io.json) session.io.out(JSON.stringify(before))
    else if (before.schema === null) session.io.out(`${id} has no settings.`)
    else for (const [name, value] of Object.entries(before.values)) session.io.out(`${name}=${printable(JSON.stringify(value))}`)
    return EXIT.done
  }
  const next = { ...before.values }
  for (const pair of values) {
    const at = pair.indexOf('=')
    if (at < 1) throw new LifeOsError('settings-invalid', `“${pair}”: write it as name=value.`)
    const text = pair.slice(at + 1)
    if (text === '') delete next[pair.slice(0, at)]
    else next[pair.slice(0, at)] = settingOf(before.schema, pair.slice(0, at), text)
  }
  return told(session, await client.plugins.setSettings({ id, values: next }), `The settings of ${id} are kept.`)
}

export const pluginLog: Command<{ id: string; limit?: number }> = async (session, { id, limit = 200 }) => {
  const { io, paint } = session
  const { client } = await session.backend()
  const { lines } = await client.plugins.log({ id, limit })
  if (io.json) io.out(JSON.stringify(lines))
  else for (const line of lines) io.out(`${paint('dim', new Date(line.at).toISOString())} ${line.level} ${printable(line.text)}`)
  return EXIT.done
}

async function sourceOf(backend: Backend, { source, ref, watch = false }: { source: string; ref?: string; watch?: boolean }) {
  if (/^(https?|file|git):\/\//i.test(source) || source.endsWith('.git')) return { git: source, ...(ref !== undefined && { ref }) }
  const path = absolute(source)
  const found = await stat(path).catch((cause: unknown) => {
    throw new LifeOsError('plugin-source-missing', `There is nothing at ${path}. Give a folder, an archive or a git address.`, { cause })
  })
  if (found.isDirectory()) return { folder: path, watch }
  return { blob: await backend.upload(path), name: basename(path) }
}

/** Shows what waits and asks; without a terminal it stays waiting unless `yes`. */
async function consider(session: Session, backend: Backend, plugin: Plugin, yes: boolean): Promise<Exit> {
  const { io, paint } = session
  const { pending, manifest } = plugin
  if (pending === null) return told(session, plugin, `${manifest.id} ${manifest.version} is ${plugin.state}; nothing waits.`)
  for (const line of pendingLines(pending, paint)) io.note(line)
  if (pending.faults.length > 0) return told(session, plugin, `It cannot be accepted as it is.`, EXIT.failed)
  const agreed = yes || (io.canAsk && /^y(es)?$/i.test((await io.ask('Accept and enable it? y/N: ')).trim()))
  if (!agreed)
    return told(session, plugin, `It waits; nothing of it runs. Accept it with: lifeos plugin accept ${manifest.id}`, EXIT.waiting)
  const accepted = await backend.client.plugins.accept({ id: manifest.id, digest: pending.digest })
  return told(session, accepted, `${paint('green', '✓')} ${manifest.id} ${accepted.manifest.version} is ${accepted.state}.`)
}

function told(session: Session, document: unknown, words: string, exit: Exit = EXIT.done): Exit {
  session.io.out(session.io.json ? JSON.stringify(document) : words)
  return exit
}

function shown(session: Session, plugin: Plugin): Exit {
  if (session.io.json) session.io.out(JSON.stringify(plugin))
  else for (const line of pluginLines(plugin, session.paint)) session.io.out(line)
  return EXIT.done
}

/** Text as it is where the schema wants text, else as JSON. */
function settingOf(schema: Record<string, unknown> | null, name: string, text: string): unknown {
  const properties = (schema?.['properties'] ?? {}) as Record<string, { type?: unknown } | undefined> // a JSON Schema of an object
  const type = properties[name]?.type
  if (type === 'string' || type === undefined) return text
  try {
    return JSON.parse(text)
  } catch {
    return text // the server says what is wrong with it
  }
}
