import type { Change, LabelSource, Manifest, ToolDescription } from '@life-os/contract'
import type { ExampleWorld } from './world/world.ts'

/** Host services for one tool call in a test. */
export interface TestHost extends AsyncDisposable {
  handle(service: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown>
  /** What was recorded (`preview`) or done (`run`). */
  changes(): readonly Change[]
  /** What of this call's data is private or came from outside, and from where. */
  labels(): readonly LabelSource[]
  /** Takes back what was done, newest first, as an undo would; answers what could not be, as sentences. */
  undo(): Promise<string[]>
}

export interface TestHostOptions {
  manifest: Manifest
  tool: ToolDescription
  input: unknown
  phase: 'preview' | 'run'
  /** Nothing outside it is served, whatever the tool declares. */
  world: Pick<ExampleWorld, 'home' | 'places' | 'settings' | 'secrets' | 'models'>
  /** `declared`: what the tool's needs name for this input, within the world. `nothing`: not even that. */
  allow: 'declared' | 'nothing'
}
export type CreateTestHost = (options: TestHostOptions) => Promise<TestHost>

const PROVIDED = Symbol.for('life-os.create-test-host')
const shelf = globalThis as { [PROVIDED]?: CreateTestHost } // the SDK may not import the kernel; the test set-up hands its host over here

/** Called by the test set-up, so that `contractSuite` in a plugin needs no more than its folder. */
export function provideTestHost(create: CreateTestHost): void {
  shelf[PROVIDED] = create
}

export const providedTestHost = (): CreateTestHost | undefined => shelf[PROVIDED]
