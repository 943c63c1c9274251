export { makeSampleFolder } from './make.ts'
export type { SampleFolder, SampleOptions } from './make.ts'
