import { LifeOsError } from '@life-os/contract'
import type { Applied } from '@life-os/contract'

export const crashed = (plugin: string, how: string, applied: Applied): LifeOsError =>
  new LifeOsError(
    'plugin-crashed',
    `The plugin ${plugin} ended in the middle of the call (${how}). It is started again with the next call.`,
    { class: 'operational', applied, details: { plugin } },
  )

export const startFailed = (plugin: string, reason: string): LifeOsError =>
  new LifeOsError('plugin-crashed', `The plugin ${plugin} could not be started: ${reason}`, {
    class: 'operational',
    applied: 'no',
    details: { plugin },
  })

export const timedOut = (tool: string, timeout: number, applied: Applied): LifeOsError =>
  new LifeOsError('call-timeout', `${tool} took longer than ${timeout} ms. Give the step more time with \`timeout\`, or less to do.`, {
    class: 'operational',
    applied,
  })

export const revoked = (tool: string, applied: Applied): LifeOsError =>
  new LifeOsError('call-revoked', `${tool} was stopped before it was finished.`, { class: 'operational', applied })

export const callOver = (): LifeOsError =>
  new LifeOsError('call-revoked', 'This call is over; the host answers it no more.', { class: 'operational', applied: 'no' })

export const toolUnknown = (tool: string): LifeOsError =>
  new LifeOsError('tool-unknown', `There is no tool ${tool}. \`lifeos tools\` lists them.`, { applied: 'no' })

export const pluginUnknown = (plugin: string): LifeOsError =>
  new LifeOsError('plugin-unknown', `There is no plugin ${plugin}.`, { applied: 'no' })

export const quarantined = (plugin: string, reason: string, log: readonly string[]): LifeOsError =>
  new LifeOsError('plugin-quarantined', `The plugin ${plugin} is in quarantine: ${reason} Enable it on the Plugins page to try again.`, {
    class: 'operational',
    applied: 'no',
    details: { plugin, log: [...log] },
  })

export const disabled = (plugin: string): LifeOsError =>
  new LifeOsError('plugin-disabled', `The plugin ${plugin} is disabled. Enable it on the Plugins page.`, { applied: 'no' })

export const refused = (plugin: string, reason: string): LifeOsError =>
  new LifeOsError('plugin-refused', `The plugin ${plugin} is not loaded: ${reason}`, { applied: 'no' })

export const changed = (plugin: string): LifeOsError =>
  new LifeOsError(
    'plugin-changed',
    `The files of the plugin ${plugin} changed while Life-OS was running. Start Life-OS again to use the new ones.`,
    { applied: 'no' },
  )
