import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPlugin } from './check.ts'

const plugins = path.join(fileURLToPath(new URL('../..', import.meta.url)), 'plugins')
const wanted = process.argv.slice(2)
const ids = readdirSync(plugins).filter(
  (id) => existsSync(path.join(plugins, id, 'package.json')) && (wanted.length === 0 || wanted.includes(id)),
)

for (const id of ids) {
  const faults = await checkPlugin(path.join(plugins, id))
  console.log(faults.length === 0 ? `${id}: fine` : `${id}: ${faults.length} to mend`)
  for (const fault of faults) console.log(`  - ${fault}`)
  if (faults.length > 0) process.exitCode = 1
}
