export { compileGlob } from './compile.ts'
