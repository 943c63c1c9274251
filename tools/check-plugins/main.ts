// node tools/check-plugins/main.ts: every plugin and where it stands on the quality scale. With ids: those, their examples played too.
import path from 'node:path'
import { checkPlugin } from './check.ts'
import { pluginFolders } from './places.ts'
import { scaleTable } from './scale.ts'

const wanted = process.argv.slice(2)
const folders = pluginFolders().filter((folder) => wanted.length === 0 || wanted.includes(path.basename(folder)))

for (const folder of folders) {
  const faults = await checkPlugin(folder, { thorough: wanted.length > 0 })
  if (faults.length > 0)
    console.log(`${path.basename(folder)}: ${faults.length} to mend\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
  if (faults.length > 0) process.exitCode = 1
}
for (const line of scaleTable(folders)) console.log(line)
