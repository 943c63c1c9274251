import type { BoxLimits } from '../box/plan.ts'

const DESCRIPTORS = 1024

/** Arguments of prlimit. Set inside, where the count of a user's processes is the box's own. */
export function resourceLimits({ pids, data, cpuTime, fileSize }: BoxLimits): string[] {
  return [
    '--core=0',
    `--nproc=${pids}`,
    `--nofile=${DESCRIPTORS}`,
    '--memlock=65536',
    '--msgqueue=0',
    `--data=${data}`,
    ...(cpuTime === null ? [] : [`--cpu=${Math.max(1, Math.ceil(cpuTime))}`]),
    ...(fileSize === null ? [] : [`--fsize=${fileSize}`]),
  ]
}
