import { Table2, ChartColumn } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { words } from './language.ts'
import { useWidth } from './use-width.ts'

export interface Bar {
  readonly key: string
  /** The full name of the step, for the table and for hover. */
  readonly label: string
  /** What stands under the axis; most steps have nothing. */
  readonly tick?: string | undefined
  readonly up: number
  readonly down?: number | undefined
}

interface BarChartProps {
  /** What the chart says, for who cannot see it. */
  readonly summary: string
  readonly step: string
  readonly up: string
  readonly down?: string
  readonly bars: readonly Bar[]
  readonly format: (value: number) => string
  readonly cell: (value: number) => ComponentChildren
}

const height = 168
const axis = 20
const top = 18

/** Columns above a strong zero line, and where there is a comparison grey ones below it. Words stand at the bars, not in a legend. */
export const BarChart = (props: BarChartProps) => {
  const [asTable, setAsTable] = useState(false)
  const text = words.value.record
  const Icon = asTable ? ChartColumn : Table2
  return (
    <figure class="chart">
      <button
        type="button"
        class="icon-button chart-turn"
        title={asTable ? text.chart : text.table}
        aria-label={asTable ? text.chart : text.table}
        onClick={() => setAsTable(!asTable)}
      >
        <Icon size={15} aria-hidden="true" />
      </button>
      {asTable ? <ChartTable {...props} /> : <Drawn {...props} />}
    </figure>
  )
}

const ChartTable = ({ bars, step, up, down, cell, summary }: BarChartProps) => (
  // Long tables scroll inside; the keys must get there, too.
  <div class="chart-table" role="region" aria-label={summary} tabIndex={0}>
    <table class="ledger">
      <thead>
        <tr>
          <th scope="col">{step}</th>
          <th scope="col" class="right">
            {up}
          </th>
          {down === undefined ? null : (
            <th scope="col" class="right">
              {down}
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row">{bar.label}</th>
            <td class="right">{cell(bar.up)}</td>
            {down === undefined ? null : <td class="right">{cell(bar.down ?? 0)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

const Drawn = ({ bars, summary, up, down, format }: BarChartProps) => {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box, 640)
  const mostUp = Math.max(1, ...bars.map((bar) => bar.up))
  const mostDown = Math.max(0, ...bars.map((bar) => bar.down ?? 0))
  const room = height - axis - top - (mostDown > 0 ? 14 : 0)
  const scale = room / (mostUp + mostDown)
  const zero = top + mostUp * scale
  const slot = width / Math.max(bars.length, 1)
  const bar = Math.max(2, Math.min(22, slot * 0.66))
  const highest = bars.findIndex((each) => each.up === mostUp)
  const place = (index: number): number => slot * (index + 0.5)
  const anchor = (index: number): 'start' | 'middle' | 'end' =>
    index * slot < 40 ? 'start' : (bars.length - index) * slot < 40 ? 'end' : 'middle'
  return (
    <div ref={box} class="chart-box">
      <svg width={width} height={height} role="img" aria-label={summary}>
        {bars.map((each, index) => (
          <g key={each.key} class="chart-step">
            <title>
              {[each.label, `${up} ${format(each.up)}`, down === undefined ? '' : `${down} ${format(each.down ?? 0)}`]
                .filter(Boolean)
                .join('\n')}
            </title>
            <rect class="chart-reach" x={slot * index} y={0} width={slot} height={height - axis} />
            <rect
              class="chart-up"
              x={place(index) - bar / 2}
              // What was taken back may be more than was given: such a day has no bar, and says its figure in words.
              y={zero - Math.max(0, each.up) * scale}
              width={bar}
              height={Math.max(0, each.up) * scale}
            />
            <rect
              class="chart-down"
              x={place(index) - bar / 2}
              y={zero}
              width={bar}
              height={Math.max(0, each.down ?? 0) * scale}
            />
            {each.tick === undefined ? null : (
              <text class="chart-tick" x={place(index)} y={height - 5} text-anchor={anchor(index)}>
                {each.tick}
              </text>
            )}
          </g>
        ))}
        <line class="chart-zero" x1={0} x2={width} y1={zero} y2={zero} />
        {highest < 0 ? null : (
          <text class="chart-value" x={place(highest)} y={zero - mostUp * scale - 5} text-anchor={anchor(highest)}>
            {format(mostUp)}
          </text>
        )}
      </svg>
      <p class="chart-names">
        <span class="up">{up}</span>
        {down === undefined ? null : <span class="down">{down}</span>}
      </p>
    </div>
  )
}
