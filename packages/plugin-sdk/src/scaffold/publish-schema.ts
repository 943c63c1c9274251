// Writes docs/manifest.schema.json: node packages/plugin-sdk/src/scaffold/publish-schema.ts
import { writeFileSync } from 'node:fs'
import { manifestJsonSchema } from './manifest-schema.ts'

writeFileSync(new URL('../../../../docs/manifest.schema.json', import.meta.url), `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`)
