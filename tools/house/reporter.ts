// Leaves the counts of a run where `npm test` reads them: passed, failed, and each skipped test with its reason.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

export interface TestCounts {
  passed: number
  failed: number
  /** A test without a reason of its own names none; the closing of `npm test` counts that as a failure. */
  skipped: { name: string; reason: string | null }[]
}

export default class CountingReporter implements Reporter {
  /** At once, so that a run which is cut off has told what had failed. */
  onTestCaseResult(test: TestCase): void {
    if (test.result().state === 'failed') process.stderr.write(`\nfailed: ${nameOf(test)}\n`)
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env['LIFEOS_TEST_COUNTS']
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)))
  }
}

function countTests(modules: readonly TestModule[], unhandledErrors: number): TestCounts {
  const tests = modules.flatMap((module) => [...module.children.allTests()])
  const inState = (state: string) => tests.filter((test) => test.result().state === state)
  // A file that cannot be loaded, or a hook outside any test that throws, has no test case to fail.
  const broken = modules.filter((module) => !module.ok() && [...module.children.allTests()].every((test) => test.ok()))
  return {
    passed: inState('passed').length,
    failed: inState('failed').length + broken.length + unhandledErrors,
    skipped: [...inState('skipped'), ...inState('pending')].map((test) => ({ name: nameOf(test), reason: reasonOf(test) })),
  }
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`
}

/** The note of context.skip(note), else what its group says in brackets: describe.skipIf(...)('postgres (PostgreSQL is not installed)'). */
function reasonOf(test: TestCase): string | null {
  const result = test.result()
  if (result.state === 'skipped' && result.note) return result.note
  return /\(([^()]{10,})\)/.exec(test.fullName)?.[1] ?? null
}
