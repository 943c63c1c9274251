// Set-up of the plugins' tests: hands the kernel's host to the contract suite, loaded when the first example runs.
import { provideTestHost } from '@life-os/plugin-sdk/testing'

provideTestHost(async (options) => (await import('@life-os/kernel/trial')).createTestHost(options))
