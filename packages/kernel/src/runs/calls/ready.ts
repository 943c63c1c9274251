import type { Change, Labels, Need, ToolDescription, ToolStep } from '@life-os/contract'
import type { CallScope } from '../../host/index.ts'
import type { Acting } from '../acting.ts'
import type { RunningLabels } from './label-flow.ts'
import type { Frame } from '../interpreter/world.ts'

/** A judged call, ready to be tried. */
export interface Ready {
  step: ToolStep
  tool: ToolDescription
  input: unknown
  inputHash: string
  key: string
  /** Those of `seen` as they are now: what a call reads joins them. */
  readonly labels: Labels
  seen: RunningLabels
  /** Where private data may go, see CallScope. */
  privateTo: readonly string[]
  denies: CallScope['denies']
  needs: readonly Need[]
  /** Changes of this step that a person approved; undefined where grants are the capability. */
  approved: readonly Change[] | undefined
  madeFolders: ReadonlySet<string>
  frame: Frame
  acting: Acting
}
