export { DEFAULT_SETTINGS, createSettings } from './settings.ts'
export type { SettingsStore } from './settings.ts'
