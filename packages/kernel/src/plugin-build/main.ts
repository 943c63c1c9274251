/** Bundles a stranger's plugin in a process of its own: `node main.ts <source> <target>`. Says how it went as JSON. */
import { errorShape } from '@life-os/contract'
import { bundlePlugin } from './bundle.ts'

const [source = '', target = ''] = process.argv.slice(2)
process.stdin.on('end', () => process.exit(1)).resume() // who asked is gone: nothing more is written
process.stdin.unref?.() // a file has none
try {
  await bundlePlugin(source, target, { closed: true })
  process.stdout.write('{"ok":true}')
} catch (thrown) {
  process.stdout.write(JSON.stringify(errorShape(thrown)))
  process.exitCode = 1
}
