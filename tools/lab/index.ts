export { createToolLab } from './tool-lab.ts'
export type { ToolLab, ToolPreview } from './tool-lab.ts'
export { filesOf, fill, manifestOf } from './folder.ts'
export { makeSampleFolder } from '@life-os/kernel/sample'
