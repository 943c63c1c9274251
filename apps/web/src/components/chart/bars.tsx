import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface Bar {
  label: string
  value: number
}

/** Values side by side, for comparing; the same as a table for who cannot see them. */
export default function Bars({
  bars,
  label,
  words,
  height = 180,
}: {
  bars: readonly Bar[]
  label: string
  words: (value: number) => string
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (!element || bars.length === 0) return
    const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim()
    const font = '12px "Inter Variable", system-ui'
    const axis = { stroke: colour('--ink-faint'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [12, 8, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, points: { show: false }, y: false },
        scales: {
          x: { time: false, range: [-0.6, bars.length - 0.4] },
          y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.08 : 1] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            size: 28,
            values: (_plot, splits) => splits.map((at) => (Number.isInteger(at) ? (bars[at]?.label ?? '') : '')),
            space: 64,
          },
          { ...axis, size: 64, values: (_plot, splits) => splits.map(words) },
        ],
        series: [
          {},
          {
            fill: colour('--accent'),
            stroke: 'transparent',
            points: { show: false },
            ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.7, 40], radius: 0.15 }) }),
          },
        ],
      },
      [bars.map((_, index) => index), bars.map(({ value }) => value)],
      element,
    )
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }))
    sized.observe(element)
    return () => {
      sized.disconnect()
      plot.destroy()
    }
  }, [bars, words, height])
  return (
    <figure aria-label={label}>
      <div ref={box} aria-hidden className="w-full overflow-hidden" style={{ height }} />
      <table className="sr-only">
        <caption>{label}</caption>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.label}>
              <th scope="row">{bar.label}</th>
              <td>{words(bar.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
