export { checkPlugin } from '../plugin-author/check.ts'
export { devPlugin } from '../plugin-author/dev.ts'
export { newPlugin } from '../plugin-author/new.ts'
