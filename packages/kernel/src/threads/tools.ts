import type { InnerTool } from '../runs/index.ts'
import type { Store } from '../store/index.ts'
import { createOlderTool } from './compaction/tool.ts'
import { createPictureTool } from './turn/picture.ts'
import { createTurnTool } from './turn/tool.ts'

/** The kernel's own tools that conversations are made with. */
export function createThreadTools(deps: { store: Pick<Store, 'db' | 'blobs'> }): InnerTool[] {
  return [createTurnTool(deps), createPictureTool(), createOlderTool(deps)]
}
