export { eachDatabase, temporaryFolder } from './databases.ts'
export type { FreshStore } from './databases.ts'
