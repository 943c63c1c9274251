import type { Handlers } from './fs/services.ts'
import type { CallScope } from './types.ts'

/** `settings.get`: the calling plugin's own settings; a secret is there by its name. */
export const createSettingsService = (scope: CallScope, settingsOf: (plugin: string) => Record<string, unknown>): Handlers => ({
  'settings.get': async () => settingsOf(scope.plugin),
})
