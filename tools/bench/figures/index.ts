import type { Figure } from '../figure.ts'
import { agentsAtOnce } from './agents-at-once.ts'
import { crashRecovery } from './crash-recovery.ts'
import { emergencyStop } from './emergency-stop.ts'
import { firstScreen } from './first-screen.ts'
import { firstToken } from './first-token.ts'
import { hybridSearch } from './hybrid-search.ts'
import { idleMemory } from './idle-memory.ts'
import { installSize } from './install-size.ts'
import { listRuns } from './list-runs.ts'
import { pluginCall } from './plugin-call.ts'
import { pluginMemory } from './plugin-memory.ts'
import { pluginStart } from './plugin-start.ts'
import { startReady } from './start-ready.ts'
import { stepOverhead } from './step-overhead.ts'
import { stepsAlone } from './steps-alone.ts'
import { stepsPostgres } from './steps-postgres.ts'
import { stepsTogether } from './steps-together.ts'
import { tidyPreview } from './tidy-preview.ts'

/** The table of benchmarks, in its order. */
export const FIGURES: readonly Figure[] = [
  stepsTogether,
  stepsAlone,
  stepsPostgres,
  stepOverhead,
  firstToken,
  agentsAtOnce,
  pluginCall,
  pluginStart,
  pluginMemory,
  tidyPreview,
  crashRecovery,
  emergencyStop,
  startReady,
  idleMemory,
  listRuns,
  hybridSearch,
  installSize,
  firstScreen,
]
