import { homedir } from 'node:os'
import { byDanger, describePermission } from '@life-os/contract'
import type { ManifestPermission, PendingPlugin, Plugin, PluginSource } from '@life-os/contract'
import { printable } from '../output/colour.ts'
import type { Paint } from '../output/colour.ts'

/** Where a plugin came from, as a person would say it. */
export function sourceWords(source: PluginSource): string {
  switch (source.kind) {
    case 'bundled':
      return 'comes with Life-OS'
    case 'folder':
      return `from the folder ${printable(source.path)}${source.watch ? ', reloaded when it changes' : ''}`
    case 'archive':
      return `from the archive ${printable(source.name)}`
    case 'git':
      return `from ${printable(source.url)} at ${source.commit.slice(0, 12)}`
    case 'mcp':
      return `the MCP server ${source.server}`
  }
}

/** In plain words, with the permission itself and the author's reason; most dangerous first. */
function permissionLines(permissions: readonly ManifestPermission[], paint: Paint, mark = ''): string[] {
  return byDanger(permissions).map(({ permission, reason }) => {
    const { title, danger } = describePermission(permission, { home: homedir() })
    const sign = paint(danger > 1 ? 'red' : 'amber', danger > 1 ? '⚠' : '·')
    return `  ${mark}${sign} ${printable(title)}  ${paint('dim', printable(permission))}  ${printable(reason)}`
  })
}

/** What a person is asked to accept. */
export function pendingLines(pending: PendingPlugin, paint: Paint): string[] {
  const { manifest, permissions } = pending
  const update = permissions.kept.length > 0 || permissions.removed.length > 0
  const lines = [
    `${paint('bold', printable(manifest.name))} ${manifest.version}  ${paint('dim', sourceWords(pending.source))}`,
    `  ${printable(manifest.description)}`,
    paint('dim', `  digest ${pending.digest}`),
  ]
  if (permissions.added.length > 0) {
    lines.push(update ? 'It asks for more than before:' : 'It asks for:')
    lines.push(...permissionLines(permissions.added, paint, update ? '+ ' : ''))
  } else lines.push(update ? 'It asks for nothing new.' : 'It asks for no permission.')
  if (permissions.removed.length > 0) lines.push('It no longer asks for:', ...permissionLines(permissions.removed, paint, '- '))
  if (update && permissions.kept.length > 0) lines.push('As before:', ...permissionLines(permissions.kept, paint))
  for (const fault of pending.faults) lines.push(`${paint('red', '✗')} ${printable(fault)}`)
  for (const remark of pending.remarks) lines.push(`${paint('amber', '!')} ${printable(remark)}`)
  return lines
}

/** One plugin with everything a person may want to know of it. */
export function pluginLines(plugin: Plugin, paint: Paint): string[] {
  const { manifest, health } = plugin
  const figures = [
    `${health.calls} calls`,
    `${health.errors} errors`,
    `${health.crashes} crashes`,
    health.p50 === null ? '' : `p50 ${health.p50.toFixed(1)} ms, p95 ${(health.p95 ?? 0).toFixed(1)} ms`,
    health.memory === null ? '' : `${Math.round(health.memory / 1_048_576)} MiB`,
  ].filter((figure) => figure !== '')
  return [
    `${paint('bold', printable(manifest.name))} ${manifest.version}  ${manifest.id}  ${paint(plugin.state === 'ready' || plugin.state === 'idle' ? 'green' : 'amber', plugin.state)}`,
    `  ${printable(manifest.description)}`,
    paint('dim', `  ${sourceWords(plugin.source)} · ${plugin.digest.slice(0, 16)}`),
    ...(plugin.reason === null ? [] : [`  ${paint('amber', printable(plugin.reason))}`]),
    ...(plugin.labels.length > 0 ? [`  carries ${plugin.labels.join(', ')} until it is restarted`] : []),
    `  ${figures.join(' · ')}`,
    ...(plugin.tools.length > 0 ? ['Tools:', ...plugin.tools.map((tool) => `  ${tool.id}  ${printable(tool.title)}`)] : []),
    ...(manifest.permissions.length > 0 ? ['It may ask for:', ...permissionLines(manifest.permissions, paint)] : []),
    ...(plugin.pending === null ? [] : ['', 'A version waits to be accepted:', ...pendingLines(plugin.pending, paint)]),
  ]
}
