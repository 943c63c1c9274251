// Writes docs/plan.schema.json: node packages/kernel/src/plans/write/publish-schema.ts
import { writeFileSync } from 'node:fs'
import { planJsonSchema } from './json-schema.ts'

writeFileSync(new URL('../../../../../docs/plan.schema.json', import.meta.url), `${JSON.stringify(planJsonSchema(), null, 2)}\n`)
