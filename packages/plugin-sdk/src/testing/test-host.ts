import type { Change, ToolDescription } from '@life-os/contract'

/** Host services for one tool call in a test. */
export interface TestHost extends AsyncDisposable {
  handle(service: string, args: readonly unknown[], signal: AbortSignal): Promise<unknown>
  /** What was recorded (`preview`) or done (`run`). */
  changes(): readonly Change[]
}
/** Makes the services that the tool's declared needs allow for this input. */
export type CreateTestHost = (options: { tool: ToolDescription; input: unknown; phase: 'preview' | 'run' }) => Promise<TestHost>

const PROVIDED = Symbol.for('life-os.create-test-host')
const shelf = globalThis as { [PROVIDED]?: CreateTestHost } // the SDK may not import the kernel; the test set-up hands its host over here

/** Called by the test set-up, so that `contractSuite` in a plugin needs no more than its folder. */
export function provideTestHost(create: CreateTestHost): void {
  shelf[PROVIDED] = create
}

export const providedTestHost = (): CreateTestHost | undefined => shelf[PROVIDED]
