import { manifestJsonSchema } from './manifest-schema.ts'

/** What belongs to this machine alone, beside a plugin's own files: where Life-OS is installed. Left out of git. */
export const LOCAL_FOLDER = '.life-os'

/**
 * Files of that folder, by name, for a Life-OS installed at `root` (absolute, with slashes): types for an editor, the
 * manifest's schema, and a way to run the plugin's tests without installing anything.
 */
export function localFiles(root: string): Record<string, string> {
  const sdk = `${root}/packages/plugin-sdk/src`
  return {
    'manifest.schema.json': `${JSON.stringify(manifestJsonSchema(), null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify({ compilerOptions: compilerOptions(root, sdk) }, null, 2)}\n`,
    'vitest.config.mjs': vitestConfig(root, sdk),
    'test.mjs': testProgram(root),
  }
}

function compilerOptions(root: string, sdk: string) {
  return {
    target: 'es2024',
    lib: ['es2024', 'esnext'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
    typeRoots: [`${root}/node_modules/@types`],
    types: ['node'],
    paths: {
      '@life-os/plugin-sdk': [`${sdk}/index.ts`],
      '@life-os/plugin-sdk/testing': [`${sdk}/testing/index.ts`],
      zod: [`${root}/node_modules/zod/index.d.ts`],
      vitest: [`${root}/node_modules/vitest/dist/index.d.ts`],
    },
  }
}

const vitestConfig = (root: string, sdk: string): string => `export default {
  resolve: {
    alias: [
      { find: /^@life-os\\/plugin-sdk$/, replacement: ${JSON.stringify(`${sdk}/index.ts`)} },
      { find: /^@life-os\\/plugin-sdk\\/testing$/, replacement: ${JSON.stringify(`${sdk}/testing/index.ts`)} },
      { find: /^zod$/, replacement: ${JSON.stringify(`${root}/node_modules/zod/index.js`)} },
      { find: /^vitest$/, replacement: ${JSON.stringify(`${root}/node_modules/vitest/dist/index.js`)} },
    ],
  },
  test: {
    setupFiles: [${JSON.stringify(`${root}/tools/check-plugins/provide-test-host.ts`)}],
    testTimeout: 30_000,
  },
}
`

const testProgram = (root: string): string => `// Runs the plugin's tests with the Vitest of the installed Life-OS; arguments are Vitest's.
import { spawn } from 'node:child_process'
import path from 'node:path'

const plugin = path.dirname(import.meta.dirname)
const vitest = ${JSON.stringify(`${root}/node_modules/vitest/vitest.mjs`)}
const options = ['run', '--root', plugin, '--config', path.join(import.meta.dirname, 'vitest.config.mjs')]
const child = spawn(process.execPath, [vitest, ...options, ...process.argv.slice(2)], { stdio: 'inherit' })
child.once('close', (code) => (process.exitCode = code ?? 1))
`
