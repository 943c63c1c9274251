import { first } from './001-first.ts'
import { plugins } from './002-plugins.ts'
import { assistant } from './003-assistant.ts'
import { readers } from './004-readers.ts'
import type { Migration } from './migration.ts'

export type { Columns, Migration } from './migration.ts'

/** In order, numbered from 1 without a gap. */
export const migrations: readonly Migration[] = [first, plugins, assistant, readers]
