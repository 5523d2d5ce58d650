import { formatDate, formatNumber } from '../../kit/ui/format.ts'
import { Panel } from '../../kit/ui/panel.tsx'
import type { TerminalKey, TerminalPeriod } from './record.ts'
import type { TerminalsTexts } from './words.ts'

interface KeysProps {
  readonly keys: readonly TerminalKey[]
  readonly texts: TerminalsTexts
  readonly zone: string
}

/** As in api.ts. */
const sequencesMax = 1_000

/** Which keys sign for the till, how far each has come, and which of its numbers nobody has brought. */
export const Keys = ({ keys, texts, zone }: KeysProps) => {
  const text = texts.terminal
  if (keys.length === 0) {
    return (
      <Panel title={text.keys}>
        <p class="muted">{text.noKeys}</p>
      </Panel>
    )
  }
  return (
    <Panel title={text.keys}>
      <div class="scroll-x">
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">{text.keyFrom}</th>
              <th scope="col">{text.keyState}</th>
              <th scope="col" class="right">
                {text.last}
              </th>
              <th scope="col" class="right">
                {text.missing}
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.id}>
                <th scope="row">
                  {formatDate(key.from, zone)} <span class="code muted">{key.id.slice(0, 8)}</span>
                </th>
                <td>
                  {key.revokedAt === null ? text.keyInUse : text.keyRetired(formatDate(key.revokedAt, zone))}
                  {key.refusedFrom === null ? null : (
                    <span class="muted"> · {text.keyRefused(formatNumber(key.refusedFrom))}</span>
                  )}
                </td>
                <td class="right">{key.last === null ? '–' : formatNumber(key.last)}</td>
                <td class="right">
                  {key.missing === 0 ? (
                    <span class="muted">{text.none}</span>
                  ) : (
                    <>
                      <strong>{formatNumber(key.missing)}</strong> <span class="muted">({rangesOf(key)})</span>
                    </>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted">
        {text.gapsHint} {text.gapsAmong(sequencesMax)}
      </p>
    </Panel>
  )
}

/** @example '12, 8–9, …' */
const rangesOf = ({ gaps, missing }: TerminalKey): string => {
  const shown = gaps.map(({ from, to }) =>
    from === to ? formatNumber(from) : `${formatNumber(from)}–${formatNumber(to)}`,
  )
  const told = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  return [...shown, ...(told < missing ? ['…'] : [])].join(', ')
}

interface PeriodsProps extends Pick<KeysProps, 'texts' | 'zone'> {
  readonly periods: readonly TerminalPeriod[]
}

export const Periods = ({ periods, texts, zone }: PeriodsProps) => {
  const text = texts.terminal
  return (
    <Panel title={text.periods}>
      <div class="scroll-x">
        <table class="ledger">
          <thead>
            <tr>
              <th scope="col">{texts.fields.outlet.label}</th>
              <th scope="col">{text.from}</th>
              <th scope="col">{text.until}</th>
            </tr>
          </thead>
          <tbody>
            {periods.map((period) => (
              <tr key={period.from}>
                <th scope="row">{period.outlet}</th>
                <td>{formatDate(period.from, zone)}</td>
                <td>{period.until === null ? text.now : formatDate(period.until, zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
