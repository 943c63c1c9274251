export { createTestHost } from './test-host.ts'
