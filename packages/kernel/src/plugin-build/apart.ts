import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ErrorShape, LifeOsError, errorFromShape } from '@life-os/contract'
import type { Manifest } from '@life-os/contract'
import { readManifest } from './manifest.ts'

export interface BundleApartOptions {
  /** `main.ts` of this module, or its built form. */
  program?: string
  /** Milliseconds; default one minute. */
  patience?: number
}

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url))
const ANSWER = 64 * 1024

/**
 * Bundles a stranger's folder in a process of its own with an empty environment, so that no input of the bundler's can
 * hold up or end Life-OS. Errors: `plugin-invalid`.
 */
export async function bundleApart(
  source: string,
  target: string,
  { program = PROGRAM, patience = 60_000 }: BundleApartOptions = {},
): Promise<Manifest> {
  const child = spawn(process.execPath, ['--max-old-space-size=512', '--no-warnings', program, source, target], {
    cwd: source,
    env: process.env['NODE_V8_COVERAGE'] === undefined ? {} : { NODE_V8_COVERAGE: undefined },
    stdio: ['pipe', 'pipe', 'ignore'], // its standard input ends with this process, and it with that
    timeout: patience,
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
  child.stdin.on('error', () => undefined) // it is gone first
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => void (said.length < ANSWER && (said += chunk.toString())))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code === 0) return readManifest(target)
  throw failureOf(said, patience)
}

function failureOf(said: string, patience: number): LifeOsError {
  try {
    return errorFromShape(ErrorShape.parse(JSON.parse(said)))
  } catch {
    return new LifeOsError(
      'plugin-invalid',
      `The plugin's code could not be bundled within ${patience / 1000} s and 512 MiB of memory. It is too large, or made to be so.`,
    )
  }
}
