export { idFault, scaffoldFiles } from './files.ts'
export type { ScaffoldOptions } from './files.ts'
export { LOCAL_FOLDER, localFiles } from './local.ts'
export { manifestJsonSchema } from './manifest-schema.ts'
