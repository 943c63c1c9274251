// A process to be killed: starts many runs that write files one after the other, or goes on with them. One JSON line a fact.
import { ada, allowWrites, manySteps, openBench, pathsIn, startOf } from './kernel.ts'

interface Order {
  do: 'begin' | 'recover'
  home: string
  folder: string
  runs: number
  steps: number
}

const began = performance.now()
const order = JSON.parse(process.argv[2] ?? '{}') as Order // written by the benchmark
const { kernel } = await openBench({ home: order.home })
const going = new Set<string>()
const say = (fact: object): void => void process.stdout.write(`${JSON.stringify(fact)}\n`)
const asked = performance.now()

kernel.store.journal.onCommitted((entries) => {
  const before = going.size
  for (const { run, event } of entries) if (event.type === 'effect-started') going.add(run)
  if (before < order.runs && going.size >= order.runs)
    say({ all: true, sinceRecover: performance.now() - asked, sinceStart: performance.now() - began })
})
if (order.do === 'recover') await kernel.runs.recover()
else {
  await allowWrites(kernel, order.folder)
  const plan = manySteps('bench.write')
  await Promise.all(
    Array.from({ length: order.runs }, (_, index) =>
      kernel.runs.start(startOf(plan, { paths: pathsIn(order.folder, `r${index}`, order.steps) }), ada),
    ),
  )
}
process.stdout.on('error', () => process.exit(1)) // whoever asked is gone
setTimeout(() => process.exit(1), 60_000).unref() // nobody came to end this
